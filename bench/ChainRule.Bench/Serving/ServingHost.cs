using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Serving;
using ChainRule.Zoo.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainRule.Bench.Serving;

/// <summary>
/// A web server with one network behind three addresses: /ours, /alone (ours without batches) and /onnx. A request's
/// body is a row of float32 numbers, and so is the answer. Everything but the prediction is the same code.
/// </summary>
static class ServingHost
{
    public const int Tokens = 64;

    /// <summary>Serves until its input ends. Its first line says the port and what to ask with.</summary>
    public static async Task Run(string network, TextReader input, TextWriter output)
    {
        Compute.Threads = 1;
        var (ask, row) = Make(network);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        foreach (var (name, predict) in ask)
        {
            app.MapPost($"/{name}", async (HttpContext context) =>
            {
                byte[] body = new byte[row.Length];
                await context.Request.Body.ReadExactlyAsync(body);
                byte[] answer = await predict(body);
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer);
            });
        }
        await app.StartAsync();
        await output.WriteLineAsync(JsonSerializer.Serialize(new { Port = new Uri(app.Urls.First()).Port, Row = row }));
        await input.ReadToEndAsync();
    }

    static (Dictionary<string, Func<byte[], Task<byte[]>>> Ask, byte[] Row) Make(string network)
    {
        if (network == "gpt") return Texts();
        var (model, x, _) = network == "cnn" ? InferenceRace.Cnn(1)
            : network == "mlp" ? InferenceRace.Mlp(1, 784, 128, 10) : InferenceRace.Mlp(1, 784, 1024, 1024, 10);
        model.Eval();
        int[] sizes = [.. x.Shape.Span[1..]];
        BatchingPredictor batching = new(model.ToPredictor()), single = new(model.ToPredictor(), new() { MaxBatch = 1,
            Workers = Environment.ProcessorCount });
        var runtime = new RuntimeServing(Formats.Onnx.Export(model, x), x.Shape);
        return (new()
        {
            ["ours"] = async body => Bytes(await batching.PredictAsync(Row(body, sizes))),
            ["alone"] = async body => Bytes(await single.PredictAsync(Row(body, sizes))),
            ["onnx"] = body => Task.FromResult(runtime.Predict(body)),
        }, MemoryMarshal.AsBytes<float>(x.ToArray<float>()).ToArray());
    }

    /// <summary>Sixty-four tokens, the most probable each time, behind one that is asked with.</summary>
    static (Dictionary<string, Func<byte[], Task<byte[]>>>, byte[]) Texts()
    {
        var gpt = InferenceRace.SmallGpt();
        gpt.Eval();
        var predictor = gpt.ToPredictor();
        var generator = new BatchingGenerator(gpt);
        var runtime = new RuntimeGpt(gpt);
        Sampling greedy = new(temperature: 0);
        var none = new TorchRandom(1);
        return (new()
        {
            ["ours"] = async body =>
                Bytes(await generator.GenerateAsync([Id(body)], Tokens, none, greedy).ToArrayAsync()),
            ["alone"] = body => Task.FromResult(
                Bytes(predictor.Run(() => gpt.GenerateIds([Id(body)], none, greedy).Take(Tokens).ToArray()))),
            ["onnx"] = body => Task.FromResult(Bytes(runtime.Generate(Id(body), Tokens))),
        }, [1, 0, 0, 0]);
    }

    static int Id(byte[] body) => BinaryPrimitives.ReadInt32LittleEndian(body);

    static Tensor Row(byte[] body, int[] sizes) => Tensor.From(MemoryMarshal.Cast<byte, float>(body).ToArray())
        .Reshape(sizes);

    static byte[] Bytes(Tensor y) => MemoryMarshal.AsBytes<float>(y.ToArray<float>()).ToArray();

    static byte[] Bytes(int[] ids) => MemoryMarshal.AsBytes<int>(ids).ToArray();
}
