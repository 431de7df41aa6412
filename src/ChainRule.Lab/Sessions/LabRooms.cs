using ChainRule.Lab.Graph;
using ChainRule.Lab.Images;
using ChainRule.Lab.LanguageModels;
using ChainRule.Lab.Learning;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Runs;
using ChainRule.Lab.Shapes;

namespace ChainRule.Lab.Sessions;

/// <summary>All rooms that there are: the one list that every host opens sessions from.</summary>
public static class LabRooms
{
    /// <summary>The rooms of a lab at a place; those that look at files are not there without files.</summary>
    public static IReadOnlyList<LabRoom> At(LabPlace place)
    {
        Throw.IfNull(place, "lab");
        List<LabRoom> rooms = [PlaygroundSession.Room, GraphSession.Room, ShapesSession.Room];
        if (OperatingSystem.IsBrowser() || place.Course is null) rooms.Add(LessonsSession.Room);
        else rooms.Add(CourseSession.Room);
        // A browser has no files: the trimmer sees it, and what reads runs is not sent to it.
        if (!OperatingSystem.IsBrowser() && place.Runs is not null)
            rooms.AddRange([LanguageModelsSession.Room, ImagesSession.Room, RunsSession.Room]);
        return rooms;
    }
}
