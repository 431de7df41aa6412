using System.Globalization;
using System.Text;

namespace ChainRule.Bench;

/// <summary>Folders of runs with the files that the trainer writes, and numbers that nobody trained.</summary>
static class MadeUpRuns
{
    static readonly string[] s_models = ["mlp", "gpt", "lstm", "gru", "wavenet"];

    /// <summary>The folder of a run.</summary>
    public static string Name(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"group-{i / 500:00}/run-{i:00000}");

    /// <summary>Writes runs; how many bytes they are.</summary>
    public static long Write(string root, int runs, int points)
    {
        long bytes = 0;
        Parallel.For(0, runs, i =>
        {
            string folder = Path.Combine(root, Name(i));
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "run.json"), Settings(i));
            var lines = new StringBuilder();
            for (int point = 0; point < points; point++) lines.Append(Line(i, point));
            byte[] metrics = Encoding.UTF8.GetBytes(lines.ToString());
            File.WriteAllBytes(Path.Combine(folder, "metrics.jsonl"), metrics);
            Interlocked.Add(ref bytes, metrics.Length);
        });
        return bytes;
    }

    /// <summary>Adds a point as the trainer does: the file is written anew beside its place, and renamed.</summary>
    public static void Add(string root, string name, int point)
    {
        string path = Path.Combine(root, name, "metrics.jsonl"), beside = $"{path}.new.tmp";
        File.Copy(path, beside, overwrite: true);
        File.AppendAllText(beside, Line(int.Parse(name[^5..], CultureInfo.InvariantCulture), point));
        File.Move(beside, path, overwrite: true);
    }

    static string Line(int run, int point)
    {
        double loss = 1 + 2.3 * Math.Exp(-point / (200.0 + run % 97)) + 0.01 * Math.Sin(run + 0.7 * point);
        string train = point == 0 ? "null" : (loss - 0.05).ToString("R", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, 
            $"{{\"step\":{100 * point},\"trainLoss\":{train},\"valLoss\":{loss:R},"
            + $"\"learningRate\":{0.01 / (1 + run % 7):R},\"seconds\":{point * 0.125:R},\"accuracy\":{1 / loss:R}}}\n");
    }

    static string Settings(int i) => string.Create(CultureInfo.InvariantCulture, $$$"""
        {
          "model": "{{{s_models[i % s_models.Length]}}}",
          "options": "{\"Context\":8,\"Width\":{{{8 << i % 4}}},\"Hidden\":{{{64 << i % 3}}},\"Norm\":true}",
          "data": "embedded",
          "dataSha256": "14a52f438ab0e7e03b3ce70e88e9da09f053c6b6e62b8a7b86fb958a73fde03b",
          "seed": {{{i % 10}}},
          "steps": 100000,
          "kind": "names",
          "lineFeeds": true,
          "training": {
            "batchSize": 32, "learningRate": {{{0.01 / (1 + i % 7):R}}}, "schedule": "cosine", "optimizer": "adamW",
            "weightDecay": 0.01, "weightDecayOn": "matrices", "beta2": 0.99, "momentum": null, "clipNorm": 1,
            "evalEvery": 100
          }
        }

        """);
}
