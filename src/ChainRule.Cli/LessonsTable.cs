using ChainRule.Zoo.Lectures;

namespace ChainRule.Cli;

/// <summary>Every number that lessons compared with their lectures, a line each, written as the lessons end.</summary>
sealed class LessonsTable
{
    const string Row = "{0,-24}  {1,-44}  {2,-22}  {3,-22}  {4}";

    int _numbers, _differ, _withoutData, _broken;

    public LessonsTable() => Console.WriteLine(Row, "lesson", "number", "lecture", "ours", "agrees");

    /// <summary>Nothing differed and no lesson broke off.</summary>
    public bool Agrees => _differ == 0 && _broken == 0;

    public void Add(Lesson lesson, int code, string output, string errors)
    {
        if (code == Lecture.DataMissing)
        {
            _withoutData++;
            Console.WriteLine($"{lesson.Name,-24}  not run: {errors.Trim()}");
            return;
        }
        foreach (string line in output.Split('\n'))
        {
            if (Comparison.Parse(line.TrimEnd('\r')) is not { } compared) continue;
            _numbers++;
            if (!compared.Agrees) _differ++;
            Console.WriteLine(Row, lesson.Name, compared.Name, compared.Lecture, compared.Ours, compared.Agrees ? "yes" : "NO");
        }
        if (code == 0) return;
        _broken++;
        Console.WriteLine($"{lesson.Name,-24}  broke off with exit code {code}: {errors.Trim()}");
    }

    public void WriteTotal()
    {
        Console.WriteLine($"compared {_numbers}: {_numbers - _differ} agree, {_differ} differ"
            + (_broken > 0 ? $"; lessons that broke off: {_broken}" : "") + (_withoutData > 0 ? $"; lessons not run, for want of data: {_withoutData}" : ""));
    }
}
