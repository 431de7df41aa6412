using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>To give images back through a bottleneck: <see cref="AutoencoderData"/>.</summary>
sealed class AutoencoderTask : TrainingTask
{
    static readonly TrainingTask s_images = new ImagesTask();

    public override TaskKind Kind => TaskKind.Autoencoder;

    public override string Summary => "Train an autoencoder of images, which gives them back from a few numbers";

    public override string DataAre => s_images.DataAre;

    public override string DataSummary => s_images.DataSummary;

    public override string? DataArgument => s_images.DataArgument;

    public override string UsualModel => "dense";

    public override DataOptions UsualOptions => new AutoencoderOptions();

    public override TaskData Open(string? source, DataOptions? options = null) =>
        new AutoencoderData(ImageData.Open(source, (options as AutoencoderOptions ?? new()).Images));

    public override Preprocessing ReadPreprocessing(Func<string, string> said) =>
        new AutoencoderEncoding(ImageEncoding.Read(said, fewest: 1));

    public override string NextCommand(string folder) => 
        $"Give images back: {Shell.Tool} predict {Shell.Path(folder)} IMAGE.png --out restored";

    internal override string? WhyGone(string source) => s_images.WhyGone(source);
}
