using ChainRule.Data;

namespace ChainRule.Training;

/// <summary>
/// Weights by name in a file of any of the formats that are read: safetensors, in one file or several; PyTorch's .pt;
/// NumPy's .npz.
/// <code>
/// model.LoadStateDict(WeightFile.Tensors("model.safetensors"));
/// var report = WeightNames.Same.Load(model, WeightFile.Tensors("checkpoint.pt"));
/// </code>
/// </summary>
public static class WeightFile
{
    static readonly string[] s_inFolders =
        ["model.safetensors.index.json", "model.safetensors", "pytorch_model.bin"];

    /// <summary>The tensors of a file, by name. What it is, its name's ending says: .npz is NumPy's; .pt, .pth, .ckpt
    /// and .bin are PyTorch's; all else is safetensors, or the list of a model in several. Of a folder, the model in
    /// it is taken, as Hugging Face calls it.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="IOException">It is not there or cannot be read; or a folder holds no model.</exception>
    /// <exception cref="InvalidDataException">It breaks a rule of its format.</exception>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(string path)
    {
        Throw.IfNull(path, "weights", nameof(path));
        if (Directory.Exists(path)) path = InFolder(path);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".NPZ" => Numpy.ReadAll(path).Select(one => KeyValuePair.Create(one.Key, one.Value.Tensor())),
            ".PT" or ".PTH" or ".CKPT" or ".BIN" => PyTorchFile.Read(path).Tensors(),
            _ => Safetensors.Open(path).Tensors(),
        };
    }

    static string InFolder(string folder)
    {
        string? found = s_inFolders.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found ?? throw new FileNotFoundException($"weights: the folder '{Printable.Path(folder)}' holds none of "
            + $"{string.Join(", ", s_inFolders)}: give the path of a file");
    }
}
