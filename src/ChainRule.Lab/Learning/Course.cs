using System.Globalization;
using System.Text;
using ChainRule.Data;
using ChainRule.Derivations;

namespace ChainRule.Lab.Learning;

/// <summary>
/// The exercises that ship, in a folder of the learner's: a file each, and how far the learner is, in exercises and
/// lessons, in progress.txt. The command line and the lab go by the same files.
/// </summary>
public sealed class Course
{
    /// <summary>The learner's folder, if none is named; and where the exercises that ship stand under that name, as in
    /// a clone of the repository.</summary>
    public const string Usual = "exercises", BesideShipped = "my-exercises";

    const string Progress = "progress.txt", Shipped = "exercises/", Solutions = "exercises/solutions/";

    // No exercise is longer; what is, is another file under its name.
    const long MostBytes = 1 << 20;

    readonly string _folder;
    readonly HashSet<string> _done = [], _lessons = [];
    readonly Dictionary<string, int> _hints = [];

    /// <summary>The course of a learner.</summary>
    /// <param name="folder">The learner's folder, which is made when something is kept.</param>
    /// <exception cref="IOException">Its progress cannot be read.</exception>
    public Course(string folder)
    {
        _folder = folder;
        foreach (string line in Lines(Path.Combine(folder, Progress)))
        {
            if (line.Split(' ') is [var name, "done"]) _done.Add(name);
            else if (line.Split(' ') is ["lesson", var lesson, "done"]) _lessons.Add(lesson);
            else if (line.Split(' ') is [var hinted, "hints", var count]
                && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int shown))
                _hints[hinted] = shown;
        }
    }

    /// <summary>Where the learner's files are.</summary>
    public string Folder => _folder;

    /// <summary>The lessons that are done, by their names.</summary>
    public IReadOnlySet<string> Lessons => _lessons;

    /// <summary>All exercises, in the order in which they are met.</summary>
    public static IReadOnlyList<Exercise> Exercises { get; } = Load();

    /// <summary>How many are done.</summary>
    public int Done => Exercises.Count(IsDone);

    /// <summary>The first that is not done; null if all are.</summary>
    public Exercise? Next => Exercises.FirstOrDefault(exercise => !IsDone(exercise));

    /// <summary>Whether an exercise was once right.</summary>
    public bool IsDone(Exercise exercise) => _done.Contains(exercise.Name);

    /// <summary>Where the learner's file of an exercise is.</summary>
    public string PathOf(Exercise exercise) => Path.Combine(Folder, $"{exercise.Name}.txt");

    /// <summary>Where the learner's files are: never among those that ship, which are not the learner's to change.
    /// </summary>
    /// <param name="asked">The folder that was named; null if none was.</param>
    /// <exception cref="IOException">It is the folder of those that ship.</exception>
    public static string FolderFor(string? asked)
    {
        if (asked is null)
            return IsShipped(".") ? Path.Combine("..", BesideShipped) : IsShipped(Usual) ? BesideShipped : Usual;
        if (!IsShipped(asked)) return asked;
        throw new IOException($"learn: '{Printable.Path(asked)}' holds the exercises as they ship, with their "
            + $"solutions, and is not to be written in: name a folder of your own by --dir, such as {BesideShipped}");
    }

    /// <summary>Writes the files that are not there.</summary>
    /// <returns>How many they were.</returns>
    public int WriteMissing()
    {
        MakeFolder();
        var missing = Exercises.Where(exercise => !File.Exists(PathOf(exercise))).ToArray();
        foreach (var exercise in missing) Write(PathOf(exercise), exercise.Text);
        return missing.Length;
    }

    /// <summary>Keeps what the learner wrote elsewhere than in the file.</summary>
    public void Write(Exercise exercise, string text)
    {
        MakeFolder();
        Write(PathOf(exercise), text);
    }

    /// <summary>Remembers that a lesson is done, or is not.</summary>
    public void SetLesson(string name, bool isDone)
    {
        if (isDone ? _lessons.Add(name) : _lessons.Remove(name)) Save();
    }

    /// <summary>What the learner wrote; the task itself where there is no file yet.</summary>
    public string ReadOrTask(Exercise exercise) =>
        File.Exists(PathOf(exercise)) ? Read(exercise) : exercise.Text;

    /// <summary>What the learner wrote.</summary>
    public string Read(Exercise exercise) =>
        TextFile.Decode("learn", TextFile.Bytes("learn", PathOf(exercise), MostBytes));

    /// <summary>Checks what the learner wrote, and remembers when it is right.</summary>
    public ExerciseResult Check(Exercise exercise, string text)
    {
        var result = exercise.Check(text);
        if (result.Passed && _done.Add(exercise.Name)) Save();
        return result;
    }

    /// <summary>Whether there is a hint that was not shown.</summary>
    public bool HasMoreHints(Exercise exercise) =>
        _hints.GetValueOrDefault(exercise.Name) < exercise.Hints.Count;

    /// <summary>The hints that were shown.</summary>
    public IEnumerable<string> Hints(Exercise exercise) =>
        exercise.Hints.Take(_hints.GetValueOrDefault(exercise.Name));

    /// <summary>The hints so far, and one more, if there is one.</summary>
    public IEnumerable<string> MoreHints(Exercise exercise)
    {
        int shown = Math.Min(exercise.Hints.Count, _hints.GetValueOrDefault(exercise.Name) + 1);
        _hints[exercise.Name] = shown;
        Save();
        return exercise.Hints.Take(shown);
    }

    /// <summary>Begins an exercise anew. What was written is kept beside it.</summary>
    /// <returns>Where that is; null if there was nothing to keep.</returns>
    public string? Reset(Exercise exercise)
    {
        string path = PathOf(exercise), kept = path + ".old";
        bool changed = ReadOrTask(exercise) != exercise.Text;
        if (changed) File.Move(path, kept, overwrite: true);
        Write(exercise, exercise.Text);
        _done.Remove(exercise.Name);
        _hints.Remove(exercise.Name);
        Save();
        return changed ? kept : null;
    }

    static bool IsShipped(string folder) =>
        File.Exists(Path.Combine(folder, "solutions", $"{Exercises[0].Name}.txt"));

    void MakeFolder()
    {
        if (File.Exists(Folder))
            throw new IOException($"learn: '{Printable.Path(Folder)}' is a file, and the exercises need a folder: "
                + "name another by --dir");
        Directory.CreateDirectory(Folder);
    }

    void Save()
    {
        MakeFolder();
        Write(Path.Combine(_folder, Progress), string.Concat([.. Exercises.SelectMany(exercise => (string[])[
            IsDone(exercise) ? $"{exercise.Name} done\n" : "",
            _hints.TryGetValue(exercise.Name, out int shown) ? $"{exercise.Name} hints {shown}\n" : ""]),
            .. _lessons.Order(StringComparer.Ordinal).Select(lesson => $"lesson {lesson} done\n")]));
    }

    static void Write(string path, string text) =>
        AtomicFile.Write("learn", path, to => to.Write(Encoding.UTF8.GetBytes(text)));

    static string[] Lines(string path) => File.Exists(path)
        ? TextFile.WithLineFeeds(TextFile.Decode("learn", TextFile.Bytes("learn", path, MostBytes))).Split('\n') : [];

    static Exercise[] Load()
    {
        var assembly = typeof(Course).Assembly;
        Dictionary<string, string> texts = [];
        foreach (string name in assembly.GetManifestResourceNames())
        {
            string path = name.Replace('\\', '/');
            if (!path.StartsWith(Shipped, StringComparison.Ordinal)) continue;
            using var stream = new StreamReader(assembly.GetManifestResourceStream(name)!);
            texts[path] = TextFile.WithLineFeeds(stream.ReadToEnd());
        }
        return [.. texts.Keys.Where(path => !path.StartsWith(Solutions, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new Exercise(Path.GetFileNameWithoutExtension(path), texts[path],
                texts[Solutions + path[Shipped.Length..]]))];
    }
}
