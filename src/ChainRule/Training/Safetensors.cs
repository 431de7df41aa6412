using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>
/// The file format in which the field exchanges weights: the header's length as 8 little-endian bytes; the
/// header, JSON that gives each tensor's number type, shape and place; and the numbers, little-endian and
/// row-major. Nothing in it can run.
/// </summary>
/// <remarks>
/// Source: the format's description and reference implementation, github.com/huggingface/safetensors.
/// </remarks>
public static class Safetensors
{
    /// <summary>
    /// Writes tensors in the order given, then byte entries. The same content makes the same file, byte for byte. The
    /// file appears whole or not at all: it is written beside its place, flushed to the disk and renamed, so that a
    /// crash at any moment leaves the old file or the new one.
    /// </summary>
    /// <param name="metadata">Texts that belong to the file; sorted by name when written.</param>
    /// <param name="bytes">Entries of number type U8, such as the states of generators.</param>
    /// <param name="weights">What float32 tensors of two or more axes are rounded to: F16, BF16, or I8 with an entry
    /// <c>NAME.scale</c> beside it.</param>
    /// <exception cref="ArgumentException">A name stands twice, is kept for the format itself, or is no text that
    /// UTF-8 can hold.</exception>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        IEnumerable<KeyValuePair<string, byte[]>>? bytes = null, WeightFormat weights = WeightFormat.Float32)
    {
        var content = Content(tensors, metadata, bytes, weights);
        AtomicFile.Write("safetensors", path, content);
    }

    /// <summary>The same, to a stream, from its position on; it is neither flushed nor closed.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="tensors">What is written, by name.</param>
    /// <param name="metadata">Texts by name, kept in the header.</param>
    /// <param name="bytes">Rows of bytes by name, such as the state of a generator.</param>
    /// <param name="weights">What float32 tensors of two or more axes are rounded to.</param>
    /// <exception cref="ArgumentException">A name stands twice, is kept for the format itself, or is no text that UTF-8
    /// can hold; nothing was written.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        IEnumerable<KeyValuePair<string, byte[]>>? bytes = null, WeightFormat weights = WeightFormat.Float32)
    {
        Files.CheckWritable("safetensors", stream);
        Content(tensors, metadata, bytes, weights)(stream);
    }

    /// <summary>
    /// Writes tensors, in the order given, into several files of at most a given size each, and a list that
    /// <see cref="Open"/> reads: <c>model.safetensors.index.json</c> beside <c>model-00001-of-00003.safetensors</c> …;
    /// what fits into one file is <c>model.safetensors</c> alone. Each file appears whole, and the list last. A list
    /// whose files are written over is deleted first: a crash on the way leaves none, and never one that names old and
    /// new files. What the folder held of another number of files is no longer named, and is left.
    /// <code>Safetensors.WriteShards("gpt", model.StateDict(), maxBytes: 2_000_000_000);</code>
    /// </summary>
    /// <remarks>Source: Hugging Face's layout of sharded checkpoints, as Transformers and Accelerate write it: sizes
    /// are those of the numbers, without headers.</remarks>
    /// <param name="folder">The folder, which is made where it is missing.</param>
    /// <param name="tensors">What is written, by name.</param>
    /// <param name="maxBytes">How many bytes the numbers of one file take at most; a tensor that is larger has a file
    /// of its own.</param>
    /// <param name="metadata">Texts that belong to the model; each file has them.</param>
    /// <param name="name">What the files are called, before <c>.safetensors</c>.</param>
    /// <returns>The path to open: of the list, or of the one file.</returns>
    /// <exception cref="ArgumentException">The size is below 1, or a name cannot be written.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static string WriteShards(string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxBytes,
        IReadOnlyDictionary<string, string>? metadata = null, string name = "model") =>
        SafetensorsShards.Write(folder, tensors, maxBytes, metadata, name);

    /// <summary>
    /// Opens a file and reads its header alone; a tensor's numbers are read when one asks for them. A path that ends in
    /// <c>.index.json</c> is the list of a model in several files, such as <c>model.safetensors.index.json</c>; those
    /// lie beside it, and all are opened.
    /// <code>
    /// var file = Safetensors.Open("model.safetensors.index.json");
    /// model.LoadStateDict(file.Tensors());
    /// </code>
    /// No file is kept open, so there is nothing to dispose. A file that changed since is refused when a tensor of it
    /// is asked for; <see cref="Read(string)"/> takes all of it at once.
    /// </summary>
    /// <remarks>
    /// The bytes are read by their place and not mapped into memory: where another program cuts a mapped file short,
    /// the system ends the program that reads it.
    /// </remarks>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file breaks a rule of the format; or the list names a file outside of
    /// its folder, or disagrees with the files on what stands where.</exception>
    public static SafetensorsFile Open(string path)
    {
        Throw.IfNull(path, "safetensors", nameof(path));
        if (path.EndsWith(SafetensorsIndex.Suffix, StringComparison.OrdinalIgnoreCase))
            return SafetensorsIndex.Open(path);
        var (entries, metadata) = SafetensorsOnDisk.Open(path);
        return new(Printable.Of(Path.GetFileName(path), 80), entries, metadata);
    }

    /// <summary>Reads a whole file and checks all of it: what comes back is sound.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = Files.OpenRead("safetensors", path);
        try
        {
            return SafetensorsFile.Parse(stream, Path.GetFileName(path));
        }
        catch (IOException e)
        {
            Files.Refuse($"safetensors: '{Printable.Path(path)}' cannot be read", path, e);
            return null;
        }
    }

    /// <summary>Reads a stream from its position to its end, and checks all of it.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format.</exception>
    public static SafetensorsFile Read(Stream stream)
    {
        // The header is checked against the length, which a stream from the network does not know before its end.
        using var whole = Files.Whole("safetensors", stream);
        return SafetensorsFile.Parse(whole, "stream");
    }

    static Action<Stream> Content(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata,
        IEnumerable<KeyValuePair<string, byte[]>>? bytes, WeightFormat weights)
    {
        Throw.IfNull(tensors, "safetensors");
        if (!Enum.IsDefined(weights))
            Throw.OutOfRange($"safetensors: {(int)weights} is no format of weights: give one of WeightFormat",
                nameof(weights));
        var entries = new List<SafetensorsEntry>();
        var writers = new List<Action<Stream>>();
        long at = 0;
        foreach (var (name, tensor) in tensors)
        {
            if (!WeightRounding.Concerns(weights, tensor))
            {
                AddNumbers(name, tensor);
                continue;
            }
            var (rounded, scales) = WeightRounding.Bytes(weights, name, tensor);
            Add(name, weights switch { WeightFormat.Float16 => "F16", WeightFormat.BFloat16 => "BF16", _ => "I8" },
                tensor.Shape, rounded.Length, to => to.Write(rounded));
            if (scales.Length > 0) AddNumbers(name + WeightRounding.Scale, Tensor.From(scales, [scales.Length]));
        }
        foreach (var (name, entry) in bytes ?? []) Add(name, "U8", [entry.Length], entry.Length, to => to.Write(entry));
        byte[] header = SafetensorsHeader.Write(entries, metadata);
        return to =>
        {
            to.Write(header);
            foreach (var write in writers) write(to);
        };

        void AddNumbers(string name, Tensor tensor)
        {
            int size = DTypes.Bytes(tensor.DType);
            if ((long)tensor.Count * size > Array.MaxLength)
            {
                Throw.Argument($"safetensors: tensor '{name}' {tensor.Shape} takes {(long)tensor.Count * size:N0} "
                    + $"bytes: the most for one is {Array.MaxLength:N0}", "tensors");
            }
            Add(name, $"F{8 * size}", tensor.Shape, tensor.Count * size, to =>
            {
                var work = new WriteNumbers(tensor, to);
                DTypes.Run(tensor.DType, ref work);
            });
        }

        void Add(string name, string dtype, Shape shape, int count, Action<Stream> write)
        {
            entries.Add(new(name, dtype, shape, at, at + count));
            writers.Add(write);
            at += count;
        }
    }

    readonly struct WriteNumbers(Tensor tensor, Stream to) : INumeric
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            to.Write(MemoryMarshal.AsBytes(tensor.Read<T>()));
    }
}
