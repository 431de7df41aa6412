using System.Globalization;
using System.Security.Cryptography;
using ChainRule.Data;

namespace ChainRule.Zoo.Images;

/// <summary>
/// Images in folders, one for each class: <c>FOLDER/cat/1.png</c>, <c>FOLDER/dog/2.jpg</c>. A folder whose subfolders
/// are <c>train</c>, and perhaps <c>validation</c> (or <c>val</c>) and <c>test</c>, has its parts given. Classes and
/// files are taken in the order of their names; names that begin with a dot are left out.
/// </summary>
static class ImageFolder
{
    const string Wanted = "give a folder with a subfolder of PNG or JPEG files for each class, such as cats and dogs";

    const int FewestPerClass = 2;

    // The images of a folder itself, which are of no class.
    const string Unlabelled = "";

    static readonly string[] s_endings = [".png", ".jpg", ".jpeg"];

    static readonly StringComparer s_order = StringComparer.Ordinal;

    public static ReadImages Read(string folder, ImageOptions options)
    {
        string shown = Printable.Path(folder);
        string[] inside = Folders(folder);
        bool split = inside.Contains("train")
            && inside.All(name => name is "train" or "validation" or "val" or "test");
        string train = split ? Path.Combine(folder, "train") : folder;
        string? FolderOf(params string[] names) => !split ? null
            : names.Where(inside.Contains).Select(name => Path.Combine(folder, name)).FirstOrDefault();
        string[] classes = Folders(train);
        // Where no class is asked for, images need be in no folder of one.
        if (classes.Length == 0 && options.FewestClasses < 2 && ImagesIn(train).Any()) classes = [Unlabelled];
        if (classes.Length < options.FewestClasses)
            throw new InvalidDataException(Few(Printable.Path(train), train, classes, options.FewestClasses));
        string?[] folders = [train, FolderOf("validation", "val"), FolderOf("test")];
        var parts = folders.Select(part => part is null ? null : Files(part, classes)).ToArray();
        CheckEnough(shown, classes, parts[0]!);
        var all = parts.Where(part => part is not null).SelectMany(part => part!).ToArray();

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var headers = new ImageHeader[all.Length];
        ulong[] marks = new ulong[all.Length];
        foreach (var (i, (file, _)) in all.Index())
        {
            (byte[] bytes, headers[i]) = ImageDecoder.Open(file);
            marks[i] = FileImages.MarkOf(bytes);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(
                Path.GetRelativePath(folder, file).Replace('\\', '/') + "\n"));
            hash.AppendData(bytes);
        }
        var first = headers[0];
        bool alike = headers.All(h => h.Width == first.Width && h.Height == first.Width);
        int size = options.Size
            ?? (alike && first.Width <= ImageData.LargestOwn ? Math.Max(4, first.Width) : ImageData.UsualSize);
        int channels = options.Channels ?? (headers.All(h => h.IsGrey) ? 1 : 3);
        if (!options.MayStayOnDisk) CheckFits(shown, all.Length, channels, size);
        bool holds = !options.MayStayOnDisk || (long)all.Length * channels * size * size <= options.MostHeld;
        int opened = 0;
        ImageSet? Part((string File, int Label)[]? files)
        {
            if (files is null) return null;
            var store = new FileImages([.. files.Select(file => file.File)],
                marks[opened..(opened += files.Length)], channels, size);
            return new(channels, size, holds ? store.Hold() : store, [.. files.Select(file => file.Label)],
                [.. files.Select(file => Path.GetRelativePath(folder, file.File).Replace('\\', '/'))]);
        }
        string source = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new(Printable.Of(source, 80), Convert.ToHexStringLower(hash.GetHashAndReset()),
            classes is [Unlabelled] ? ["images"] : classes, Part(parts[0])!, Part(parts[1]), Part(parts[2]))
        { PassedOver = PassedOver([.. folders.OfType<string>()], classes) };
    }

    /// <summary>Refuses more images than can be held.</summary>
    public static void CheckFits(string name, int count, int channels, int size)
    {
        long bytes = (long)count * channels * size * size;
        if (bytes > ImageSet.MostBytes)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"images {name}: {count:N0} of "
                + $"{channels} × {size} × {size} are {bytes:N0} bytes, and {ImageSet.MostBytes:N0} are the most: give "
                + $"fewer, or a smaller --size"));
    }

    static string[] Folders(string folder)
    {
        try
        {
            return [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path))
                .Where(name => name[0] != '.').Order(s_order)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"images: {Printable.Path(folder)} cannot be read ({Data.Files.Why(e)}): {Wanted}",
                e);
        }
    }

    static (string File, int Label)[] Files(string part, string[] classes)
    {
        if (Folders(part).Except(classes).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"images {Printable.Path(part)}: class {Printable.Of(unknown)} has no "
                + "images to train with: put some into the part to train, or take the folder away");
        return [.. classes.Index().SelectMany(one => ImagesIn(Path.Combine(part, one.Item))
            .Select(file => (file, one.Index)))];
    }

    static IEnumerable<string> ImagesIn(string folder) => !Directory.Exists(folder) ? []
        : Directory.GetFiles(folder).Where(file => Path.GetFileName(file)[0] != '.'
            && s_endings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(s_order);

    /// <summary>How many files are not read, and why; empty if none are.</summary>
    public static string PassedOver(string[] parts, string[] classes)
    {
        var deep = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };
        string[] folders = [.. parts.SelectMany(part => classes.Select(name => Path.Combine(part, name)))
            .Where(Directory.Exists)];
        string[] others = [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*", deep)
            .Except(ImagesIn(folder)))];
        string[] nested = [.. others.Where(file => !folders.Contains(Path.GetDirectoryName(file)))];
        int loose = classes is [Unlabelled] ? 0 : parts.Sum(part => ImagesIn(part).Count());
        if (others.Length + loose == 0) return "";
        List<string> why = [.. others.Except(nested).GroupBy(file => Path.GetExtension(file).ToLowerInvariant())
            .OrderBy(same => same.Key, s_order).Take(5).Select(same => $"{same.Count():N0} "
                + (same.Key.Length == 0 ? "without an ending" : Printable.Of(same.Key, 20)))];
        if (why.Count > 0) why = [$"{string.Join(", ", why)} (PNG and JPEG files alone are read)"];
        if (nested.Length > 0) why.Add($"{nested.Length:N0} in folders inside of those of the classes");
        if (loose > 0) why.Add($"{loose:N0} in no folder of a class");
        return string.Create(CultureInfo.InvariantCulture, $"{others.Length + loose:N0} file")
            + $"{(others.Length + loose == 1 ? " is" : "s are")} passed over: {string.Join("; ", why)}";
    }

    static string Few(string shown, string folder, string[] classes, int fewest)
    {
        if (fewest < 2) return $"images {shown}: it holds no images: give a folder of PNG or JPEG files";
        bool loose = ImagesIn(folder).Any();
        string holds = classes.Length == 1 ? $"it has one class, {Printable.Of(classes[0])}, and two or more are needed"
            : loose ? "its images are in no subfolders" : "it holds no folders of images";
        return $"images {shown}: {holds}: {Wanted}";
    }

    static void CheckEnough(string shown, string[] classes, (string File, int Label)[] files)
    {
        foreach (var (i, name) in classes.Index())
        {
            int count = files.Count(file => file.Label == i);
            if (count < FewestPerClass)
                throw new InvalidDataException($"images {shown}: {(name.Length == 0 ? "it" : $"class {
                    Printable.Of(name)}")} has {count} PNG or JPEG "
                    + $"files, and {FewestPerClass} are the fewest, one of them to validate with: add some, or take "
                    + "the folder away");
        }
    }
}
