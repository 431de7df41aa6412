using ChainRule.Zoo.Lectures;

namespace ChainRule.Cli;

/// <summary>Every number that lessons compared with their lectures, a line each, written as the lessons end.</summary>
sealed class LessonsTable
{
    const string Row = "{0,-24}  {1,-44}  {2,-22}  {3,-22}  {4}";

    int _numbers, _differ, _skipped, _failed;

    public LessonsTable() => Console.WriteLine(Row, "lesson", "number", "lecture", "ours", "agrees");

    /// <summary>Nothing differed and no lesson failed.</summary>
    public bool Agrees => _differ == 0 && _failed == 0;

    public void Add(Lesson lesson, int code, string output, string errors)
    {
        if (code == Lecture.DataMissing)
        {
            _skipped++;
            Console.WriteLine($"{lesson.Name,-24}  skipped: {errors.Trim()}");
            return;
        }
        foreach (string line in output.Split('\n'))
        {
            if (Comparison.Parse(line.TrimEnd('\r')) is not { } compared) continue;
            _numbers++;
            if (!compared.Agrees) _differ++;
            Console.WriteLine(Row, lesson.Name, compared.Name, compared.Lecture, compared.Ours,
                compared.Agrees ? "yes" : "NO");
        }
        if (code == 0) return;
        _failed++;
        Console.WriteLine($"{lesson.Name,-24}  failed with exit code {code}: {errors.Trim()}");
    }

    public void WriteTotal()
    {
        Console.WriteLine($"compared {_numbers}: {_numbers - _differ} agree, {_differ} differ"
            + (_failed > 0 ? $"; lessons failed: {_failed}" : "")
            + (_skipped > 0 ? $"; lessons skipped, missing data: {_skipped}" : ""));
    }
}
