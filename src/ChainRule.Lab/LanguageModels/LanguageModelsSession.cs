using ChainRule.Lab.Runs;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Why;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Lab.LanguageModels;

/// <summary>
/// A saved language model while it reads: what it expects next, to what it attends, what its units give, what each
/// character costs it. One model at a time is kept open.
/// </summary>
public sealed class LanguageModelsSession : LabSession
{
    const int MostDrawn = 500, MostRuns = 200;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    readonly SharedIndex _shared;
    (string Id, DateTime Written, OpenModel Model)? _open;

    /// <summary>A session over the runs below a folder.</summary>
    /// <param name="root">The folder.</param>
    public LanguageModelsSession(string root) : this(root, null)
    {
    }

    internal LanguageModelsSession(string root, string? cache) => _shared = SharedIndex.Open(root, cache);

    /// <summary>The room of them.</summary>
    public static LabRoom Room { get; } = new("language-models", "Language models", place =>
        new LanguageModelsSession(place.Runs ?? throw new ArgumentException("language models: the lab was started "
            + "without a folder of runs: give one by --runs")));

    /// <inheritdoc/>
    public override long Memory => _open is { } open ? 4L * open.Model.Model.Parameters().Sum(p => (long)p.Count) : 0;

    /// <inheritdoc/>
    public override byte[] Answer(ReadOnlySpan<byte> request)
    {
        using var scope = Scope.Begin("language models");
        var asked = Read(request, LanguageModelsJson.Default.LanguageModelsRequest);
        WhyTree? tree = asked switch
        {
            WhyNextRequest why => LanguageModelsWhy.Next(Model(why.Run), why),
            WhyLossRequest why => LanguageModelsWhy.Loss(Model(why.Run), why),
            WhyAttentionRequest why => LanguageModelsWhy.Attention(Model(why.Run), why),
            _ => null,
        };
        if (tree is not null)
            return LabReply.Of(new LanguageModelsWhyAnswer(tree), LanguageModelsJson.Default.LanguageModelsAnswer);
        using var quiet = NoGrad.Begin();
        var reply = new LabReply();
        LanguageModelsAnswer answer = asked switch
        {
            ModelsRequest => Models(),
            NextRequest next => Next(next, reply),
            GenerateRequest generate => Generate(generate),
            AttentionRequest attention => Attention(attention, reply),
            EmbeddingsRequest embeddings => Embeddings(embeddings, reply),
            MemoryRequest memory => Times(memory, reply),
            LossesRequest losses => Losses(losses, reply),
            ActivationsRequest activations => Activations(activations, reply),
            var other => throw new ArgumentException($"language models: a {other.GetType().Name} is not answered here"),
        };
        return reply.ToBytes(answer, LanguageModelsJson.Default.LanguageModelsAnswer);
    }

    /// <inheritdoc/>
    protected override void End() => _shared.Dispose();

    ModelsAnswer Models()
    {
        _shared.Index.Ready.Wait(s_patience);
        return new([.. _shared.Index.Runs.Where(run => run["kind"].Text is "names" or "text"
                && run.Status != RunStatus.Broken)
            .OrderByDescending(run => run["changed"].Number).Take(MostRuns)
            .Select(run => new ModelRun(run.Id, run.Name, run["model"].Text ?? "",
                run["valLoss"] is { IsNumber: true } loss && double.IsFinite(loss.Number) ? loss.Number : null))]);
    }

    NextAnswer Next(NextRequest request, LabReply reply)
    {
        var how = new Sampling(request.Temperature, request.TopK);
        var model = Model(request.Run);
        int[] ids = model.Encode(request.Prompt);
        var logits = model.After(ids);
        float[] drawn;
        if (how.Temperature > 0) drawn = how.Probabilities(logits).ToArray<float>();
        else
        {
            drawn = new float[logits.Count];
            drawn[logits.ArgMax()[0]] = 1;
        }
        return new(model.Characters, reply.Add(logits.Softmax().ToArray<float>()), reply.Add(drawn),
            model.Model.Context, model.Shown(ids));
    }

    GenerateAnswer Generate(GenerateRequest request)
    {
        if (request.Count is < 1 or > MostDrawn)
            throw new ArgumentException($"generate: {request.Count} characters: give 1 to {MostDrawn}");
        var model = Model(request.Run);
        int[] drawn = [.. model.Model.GenerateIds(model.Encode(request.Prompt), new TorchRandom(request.Seed),
            new(request.Temperature, request.TopK)).Take(request.Count).TakeWhile(id => !model.Ends || id != 0)];
        return new(request.Prompt + model.Text(drawn), drawn.Length < request.Count);
    }

    LanguageModelsAnswer Attention(AttentionRequest request, LabReply reply)
    {
        var model = Model(request.Run);
        if (model.Attention(model.Encode(request.Text)) is not var (window, layers, heads, weights))
            return Missing("has no attention: a GPT has");
        return new AttentionAnswer(model.Shown(window), layers, heads, reply.Add(weights));
    }

    LanguageModelsAnswer Embeddings(EmbeddingsRequest request, LabReply reply)
    {
        var model = Model(request.Run);
        if (model.Embeddings() is not var (x, y, width))
            return Missing("has no embedding vectors: its table holds the logits themselves");
        return new EmbeddingsAnswer(model.Characters, width, reply.Add(x), reply.Add(y));
    }

    LanguageModelsAnswer Times(MemoryRequest request, LabReply reply)
    {
        var model = Model(request.Run);
        int[] ids = model.Encode(request.Text);
        string? kept = model.Model switch
        {
            Gpt => "keys and values of every block",
            Recurrent or LstmModel => "the hidden state of every layer",
            BagOfWords => "the sum of the vectors of all characters",
            _ => null,
        };
        if (kept is null)
            return Missing(model.Model.Context == 1 ? "reads the last character alone, and remembers nothing"
                : $"reads its last {model.Model.Context:N0} characters alone, and computes all of them anew for each");
        if (ids.Length > model.Model.Context)
            throw new ArgumentException($"memory: {ids.Length:N0} characters: give at most the {model.Model.Context:N0}"
                + " of the model's window");
        var (with, without) = model.Times(ids);
        return new MemoryAnswer(model.Shown(ids), kept, reply.Add((int[])[.. ids.Select(_ => 1)]), reply.Add(with),
            reply.Add(without));
    }

    LossesAnswer Losses(LossesRequest request, LabReply reply)
    {
        var model = Model(request.Run);
        int[] ids = model.Encode(request.Text);
        if (ids.Length < 2)
            throw new ArgumentException("losses: there is nothing to predict: give a character or more");
        float[] losses = model.Losses(ids);
        return new(model.Shown(ids[1..]), reply.Add(losses), losses.Average(x => (double)x));
    }

    ActivationsAnswer Activations(ActivationsRequest request, LabReply reply)
    {
        var model = Model(request.Run);
        int[] ids = model.Encode(request.Text);
        var all = model.Activations(ids);
        string layer = request.Layer ?? all.Keys.First();
        if (!all.TryGetValue(layer, out float[][]? of))
            throw new ArgumentException($"activations: there is no layer '{Printable.Of(layer, 60)}': choose one of "
                + Printable.List([.. all.Keys], 40));
        if (request.Unit < 0 || request.Unit >= of[0].Length)
            throw new ArgumentException($"activations: unit {request.Unit} of {layer}: give 0 to {of[0].Length - 1}");
        return new(model.Shown(ids), [.. all.Select(one => new LayerWidth(one.Key, one.Value[0].Length))], layer,
            request.Unit, reply.Add((float[])[.. of.Select(units => units[request.Unit])]));
    }

    MissingAnswer Missing(string why) => new($"The model of {_open?.Id} {why}.");

    OpenModel Model(string id)
    {
        _shared.Index.Ready.Wait(s_patience);
        var folder = _shared.Folder(id);
        if (!folder.HasModel)
            throw new InvalidDataException(
                $"{Printable.Path(folder.FullPath)}: no model is saved yet: wait for the first "
                + "evaluation");
        var written = File.GetLastWriteTimeUtc(folder.ModelPath);
        if (_open is { } open && open.Id == id && open.Written == written) return open.Model;
        var model = new OpenModel(folder.FullPath);
        _open = (id, written, model);
        return model;
    }
}
