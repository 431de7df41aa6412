namespace ChainRule.Lab.Sessions;

/// <summary>One room of the lab: a name in addresses, a title, and what makes a session of it.</summary>
/// <param name="Name">As it stands in addresses: <c>playground</c>.</param>
/// <param name="Title">As it stands in the list of rooms.</param>
/// <param name="Open">Makes a session.</param>
public sealed record LabRoom(string Name, string Title, Func<LabPlace, LabSession> Open);

/// <summary>Where a lab was started: what its sessions may look at, and nothing else.</summary>
/// <param name="Runs">The folder whose runs are shown; null where there is none, as in a browser.</param>
/// <param name="Course">The learner's folder, and the lessons; null where there are no files, as in a browser.</param>
public sealed record LabPlace(string? Runs = null, CoursePlace? Course = null);

/// <summary>Where the course is learnt.</summary>
/// <param name="Folder">The learner's folder, with exercises, lessons and progress; made when something is kept.
/// </param>
/// <param name="Lessons">The programs of the lessons, by their names.</param>
/// <param name="NotRun">Why lessons are not run here, in a sentence; null where they are.</param>
public sealed record CoursePlace(string Folder, IReadOnlyDictionary<string, string> Lessons, string? NotRun = null)
{
    /// <summary>How long a lesson may run.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The program that runs lessons.</summary>
    internal string Dotnet { get; init; } = "dotnet";
}

/// <summary>The rooms that a host has, for the page to show.</summary>
/// <param name="Engine">What computes, in words.</param>
public sealed record LabRoomsAnswer(IReadOnlyList<LabRoomName> Rooms, string Engine);

/// <summary>A room's name and title.</summary>
public sealed record LabRoomName(string Name, string Title);
