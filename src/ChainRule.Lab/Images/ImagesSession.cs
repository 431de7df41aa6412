using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Images;

/// <summary>
/// A saved classifier of images while it looks at a picture: what it says, what each layer gives, and what each number
/// is computed from. One model at a time is kept open.
/// </summary>
public sealed class ImagesSession : LabSession
{
    const int MostRuns = 200;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    readonly SharedIndex _shared;
    (string Id, DateTime Written, OpenImageModel Model)? _open;

    /// <summary>A session over the runs below a folder.</summary>
    /// <param name="root">The folder.</param>
    public ImagesSession(string root) : this(root, null)
    {
    }

    internal ImagesSession(string root, string? cache) => _shared = SharedIndex.Open(root, cache);

    /// <summary>The room of them.</summary>
    public static LabRoom Room { get; } = new("images", "Images", place => new ImagesSession(place.Runs
        ?? throw new ArgumentException("images: the lab was started without a folder of runs: give one by --runs")));

    /// <inheritdoc/>
    public override long Memory => _open is { } open ? 4L * open.Model.Parameters : 0;

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request)
    {
        using var scope = Scope.Begin("images");
        var reply = new LabReply();
        var asked = Read(request, ImagesJson.Default.ImagesRequest);
        // What is derived needs the graph: a derivation, and a saliency map.
        var answer = asked switch
        {
            ImageRunsRequest => Runs(),
            ImageExamplesRequest examples => Model(examples.Run).Examples(reply),
            ImageSaliencyRequest map => Model(map.Run).Saliency(map.Picture, map.Class, reply),
            ImageOcclusionRequest map => Model(map.Run).Occlusion(map.Picture, map.Class, reply),
            ImageWhyRequest why => new ImageWhyAnswer(Model(why.Run).Why(why)),
            _ => Quietly(asked, reply),
        };
        return reply.ToBytes(answer, ImagesJson.Default.ImagesAnswer);
    }

    /// <inheritdoc/>
    protected override void End() => _shared.Dispose();

    ImagesAnswer Quietly(ImagesRequest asked, LabReply reply)
    {
        using var quiet = NoGrad.Begin();
        return asked switch
        {
            ImageOpenRequest open => Model(open.Run).Open(),
            ImageLookRequest look => Model(look.Run).Look(look.Picture.ToPixels(), reply),
            ImageFiltersRequest filters => Model(filters.Run).Filters(filters.Layer, reply),
            ImagePixelRequest pixel => Model(pixel.Run).Pixel(pixel, reply),
            var other => throw new ArgumentException($"images: a {other.GetType().Name} is not answered here"),
        };
    }

    ImageRunsAnswer Runs()
    {
        _shared.Index.Ready.Wait(s_patience);
        return new([.. _shared.Index.Runs.Where(run => run["kind"].Text == "images" && run.Status != RunStatus.Broken)
            .OrderByDescending(run => run["changed"].Number).Take(MostRuns)
            .Select(run => new ImageRun(run.Id, run.Name, run["model"].Text ?? "",
                run["accuracy"] is { IsNumber: true } x && double.IsFinite(x.Number) ? x.Number : null))]);
    }

    OpenImageModel Model(string id)
    {
        _shared.Index.Ready.Wait(s_patience);
        var folder = _shared.Folder(id);
        if (!folder.HasModel)
            throw new InvalidDataException($"{Printable.Path(folder.FullPath)}: no model is saved yet: wait for the "
                + "first evaluation");
        var written = File.GetLastWriteTimeUtc(folder.ModelPath);
        if (_open is { } open && open.Id == id && open.Written == written) return open.Model;
        var model = new OpenImageModel(folder.FullPath, id);
        _open = (id, written, model);
        return model;
    }
}
