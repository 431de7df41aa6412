using ChainRule.Data;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>To tell the classes of images apart: <see cref="ImageData"/>.</summary>
sealed class ImagesTask : TrainingTask
{
    public const string Wanted = "give a folder with a subfolder of PNG or JPEG files for each class, a folder or pair "
        + "of IDX files such as MNIST's, or a CSV file of pixels";

    public override TaskKind Kind => TaskKind.Images;

    public override string Summary => "Train a classifier of images, and report where it errs";

    public override string DataAre => "the images are";

    public override string DataSummary => "A folder with a subfolder of PNG or JPEG files for each class; or a folder "
        + "or pair of IDX files, such as MNIST's; or a CSV file with a row of pixels and a class for each "
        + "image [default: drawn digits that come with ChainRule]";

    public override string? DataArgument => "FOLDER|IDX|CSV";

    public override string UsualModel => "lenet";

    public override DataOptions UsualOptions => new ImageOptions();

    public override TaskData Open(string? source, DataOptions? options = null) =>
        ImageData.Open(source, options as ImageOptions ?? new());

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => ImageEncoding.Read(said);

    public override string NextCommand(string folder) =>
        $"Predict: {Shell.Tool} predict {Shell.Path(folder)} IMAGE.png";

    internal override string? WhyGone(string source) => Directory.Exists(source) ? null : Files.WhyNotPlain(source);
}
