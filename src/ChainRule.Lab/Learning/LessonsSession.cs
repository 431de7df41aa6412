using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Learning;

/// <summary>
/// The course where there are no files, as in a browser: lessons are read there, and nothing is run or kept. The
/// checker and the exercises are not sent to a browser for that.
/// </summary>
sealed class LessonsSession : LabSession
{
    /// <summary>The room of them.</summary>
    public static LabRoom Room { get; } = new("course", "Course", _ => new LessonsSession());

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request) => LabReply.Of(
        """{"type":"overview","folder":null,"notRun":null,"exercises":[],"lessons":[]}"""u8);
}
