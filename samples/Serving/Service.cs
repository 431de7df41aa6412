using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule;
using ChainRule.Images;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Serving;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;

namespace Serving;

/// <summary>What is served of a run's folder, by what it was trained for.</summary>
public static class Service
{
    /// <summary>The service, which is yet to be started. A language model continues texts, a classifier of images
    /// takes PNG and JPEG files, and a model of a table takes rows.</summary>
    public static WebApplication Build(string folder, string[] args)
    {
        // Requests are what runs side by side here.
        Compute.Threads = 1;
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0,
            Messages.Default));
        // What cannot be read of a request comes to Refuse too.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        var checks = builder.Services.AddHealthChecks();
        var saved = SavedModel.Load(folder);
        Action<WebApplication> map;
        if (saved.Model is LanguageModel)
        {
            map = MapTexts(SavedLanguageModel.Load(folder));
        }
        else if (saved.Kind == TaskKind.Images)
        {
            var images = ImageModel.Load(folder);
            builder.Services.AddSingleton(images).AddPredictor(images.Predictor);
            checks.AddPredictor(Tensor.Zeros(saved.Preprocessing.Shape.Input));
            map = MapImages;
        }
        else if (saved.Kind == TaskKind.Table)
        {
            builder.Services.AddSingleton(TableModel.Load(folder));
            map = MapRows;
        }
        else
        {
            throw new ArgumentException($"serving: {folder} is a run on {TrainingTask.Of(saved.Kind).Name}: give one "
                + "on images, a table, a text or names");
        }
        var app = builder.Build();
        app.Use(Refuse);
        app.MapHealthChecks("/health");
        map(app);
        return app;
    }

    /// <summary>A row of a table: its columns by name.</summary>
    static void MapRows(WebApplication app) =>
        app.MapPost("/predict", (Dictionary<string, JsonElement> row, TableModel model) =>
            model.Predict(row.ToDictionary(column => column.Key, column => column.Value.ValueKind switch
            {
                JsonValueKind.Number => column.Value.GetDouble(),
                JsonValueKind.True or JsonValueKind.False => column.Value.GetBoolean(),
                JsonValueKind.Null => null,
                _ => (object?)column.Value.ToString(),
            })));

    /// <summary>Images that come at once are predicted as one batch.</summary>
    static void MapImages(WebApplication app) =>
        app.MapPost("/predict", async (HttpRequest request, ImageModel model, BatchingPredictor predictor,
            CancellationToken gone) =>
        {
            using var file = new MemoryStream();
            await request.Body.CopyToAsync(file, gone);
            file.Position = 0;
            var picture = ImageFiles.Read(file);
            var found = model.Interpret(picture, await predictor.PredictAsync(model.Encode(picture), gone));
            return new Classified(found.Class, found.Probability, model.Classes.Zip(found.Probabilities)
                .ToDictionary(one => one.First, one => one.Second));
        });

    /// <summary>A text is continued, and sent character by character.</summary>
    static Action<WebApplication> MapTexts(SavedLanguageModel saved)
    {
        const int Longest = 10_000;
        var (continued, vocabulary) = (Continued(saved), saved.Vocabulary);
        return app => app.MapPost("/generate", async (Prompt prompt, HttpResponse response, CancellationToken gone) =>
        {
            if (prompt.Length is < 1 or > Longest)
                throw new BadHttpRequestException($"generate: length {prompt.Length}: give 1 to {Longest}");
            int[] begun = vocabulary.Encode(string.IsNullOrEmpty(prompt.Text) ? "\n" : prompt.Text);
            response.ContentType = "text/plain; charset=utf-8";
            await foreach (int id in continued(begun, prompt, gone))
                await response.WriteAsync(vocabulary[id].ToString(), gone);
        });
    }

    /// <summary>The texts of a transformer are continued together; those of other models by themselves, with one
    /// predictor's weights.</summary>
    static Func<int[], Prompt, CancellationToken, IAsyncEnumerable<int>> Continued(SavedLanguageModel saved)
    {
        if (saved.Model is Gpt gpt)
        {
            var generator = new BatchingGenerator(gpt);
            return (begun, prompt, gone) => generator.GenerateAsync(begun, prompt.Length,
                new TorchRandom(prompt.Seed), new(prompt.Temperature), gone);
        }
        var predictor = saved.Model.ToPredictor();
        return (begun, prompt, _) => predictor.Run(() => saved.Model.GenerateIds(begun, new TorchRandom(prompt.Seed),
            new(prompt.Temperature)).Take(prompt.Length).ToArray()).ToAsyncEnumerable();
    }

    // What a request did wrong is said in a sentence, and not logged as this program's own fault; whatever else goes
    // wrong is.
    static async Task Refuse(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception why) when (!context.Response.HasStarted && Status(why) is { } status)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(why is BadHttpRequestException { InnerException: JsonException json }
                ? $"{why.Message}: {json.Message}" : why.Message);
        }
    }

    static int? Status(Exception why) => why switch
    {
        TooManyRequestsException => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException refused => refused.StatusCode,
        ArgumentException or InvalidDataException => StatusCodes.Status400BadRequest,
        _ => null,
    };
}

/// <summary>A text to continue.</summary>
/// <param name="Text">The text; empty to begin anew.</param>
/// <param name="Length">How many characters are added.</param>
/// <param name="Seed">The same seed gives the same text.</param>
/// <param name="Temperature">0 takes the most probable character; 1 draws by the model's own probabilities.</param>
public sealed record Prompt(string? Text = "", int Length = 200, ulong Seed = 1, double Temperature = 1);

/// <summary>What an image is taken for.</summary>
public sealed record Classified(string Class, double Probability, IReadOnlyDictionary<string, double> Probabilities);

[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(TablePrediction))]
[JsonSerializable(typeof(Prompt))]
[JsonSerializable(typeof(Classified))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class Messages : JsonSerializerContext;
