using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChainRule.Bench.Serving;

/// <summary>
/// Requests a second and latency that wrk sees of <see cref="ServingHost"/>, on 1 and on 64 connections, ours and ONNX
/// Runtime's in turns: medians over rounds.
/// </summary>
static partial class ServingRace
{
    // Sixty-four texts take turns.
    static int Seconds(string host) => host == "gpt" ? 8 : 3;

    static readonly (string Name, string Host)[] s_networks =
        [("mlp 784-128-10", "mlp"), ("mlp 784-1024-1024-10", "wide"), ("cnn 28 x 28", "cnn"),
            ("gpt 4 x 4 x 128, 64 tokens", "gpt")];

    /// <summary>Prints a line for each network and number of connections; false where ONNX Runtime was ahead in
    /// any.</summary>
    /// <exception cref="ArgumentException">wrk is not installed, or the two do not answer the same.</exception>
    public static bool Run(string? only, int rounds, TextWriter output)
    {
        bool ahead = true;
        output.WriteLine("requests a second (latency at the median and at 99 %, ms)   ours   without batches   "
            + "ONNX Runtime   ours / theirs");
        foreach (var (name, host) in s_networks)
        {
            if (only is null || name.Contains(only, StringComparison.Ordinal))
                ahead &= Race(name, host, rounds, output);
        }
        return ahead;
    }

    static bool Race(string name, string host, int rounds, TextWriter output)
    {
        var start = Child.Start("--serving-host", host);
        start.RedirectStandardInput = true;
        using var server = Process.Start(start)!;
        try
        {
            var said = JsonDocument.Parse(server.StandardOutput.ReadLine()
                ?? throw new ArgumentException($"serving: the server of {host} did not start")).RootElement;
            string address = $"http://127.0.0.1:{said.GetProperty("Port").GetInt32()}";
            byte[] row = said.GetProperty("Row").GetBytesFromBase64();
            string[] names = ["ours", "alone", "onnx"];
            Check(host, [.. names.Select(one => Ask($"{address}/{one}", row).GetAwaiter().GetResult())]);
            string script = Path.GetTempFileName();
            File.WriteAllText(script, Script(row));
            bool ahead = true;
            foreach (int connections in (int[])[1, 64])
            {
                foreach (string one in names) Load($"{address}/{one}", script, connections, Seconds(host));
                var seen = names.ToDictionary(one => one, _ => new List<Answers>());
                for (int round = 0; round < rounds; round++)
                    foreach (string one in names)
                        seen[one].Add(Load($"{address}/{one}", script, connections, Seconds(host)));
                double ratio = Median(seen["ours"]).Rate / Median(seen["onnx"]).Rate;
                ahead &= ratio >= 1;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {connections} connections: "
                    + $"{string.Join("   ", names.Select(one => $"{one} {Median(seen[one])}"))}   {ratio:F2}"));
            }
            File.Delete(script);
            return ahead;
        }
        finally
        {
            server.Kill();
        }
    }

    static async Task<byte[]> Ask(string address, byte[] row)
    {
        using var client = new HttpClient();
        using var body = new ByteArrayContent(row);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await client.PostAsync(new Uri(address), body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Refuses to race where the two do not answer the same.</summary>
    static void Check(string host, byte[][] answers)
    {
        foreach (byte[] other in answers[1..])
        {
            for (int i = 0; i < answers[0].Length / sizeof(float); i++)
            {
                double Number(byte[] of) => host == "gpt" ? BitConverter.ToInt32(of, 4 * i)
                    : BitConverter.ToSingle(of, 4 * i);
                bool same = Math.Abs(Number(other) - Number(answers[0])) < 1e-4;
                if (!same) throw new ArgumentException($"serving: number {i} of {host} differs from ONNX Runtime's");
            }
        }
    }

    // A request of wrk, whose bytes are written as escapes of Lua.
    static string Script(byte[] row)
    {
        var body = new StringBuilder();
        foreach (byte one in row) body.Append(CultureInfo.InvariantCulture, $"\\{one:D3}");
        return $"wrk.method = \"POST\"\nwrk.body = \"{body}\"\n"
            + "wrk.headers[\"Content-Type\"] = \"application/octet-stream\"\n";
    }

    static Answers Load(string address, string script, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk", ["-t", "1", "-c", $"{connections}", "-d", $"{seconds}s", "--latency",
            "--timeout", "20s", "-s", script, address]) { RedirectStandardOutput = true };
        try
        {
            using var wrk = Process.Start(start)!;
            string text = wrk.StandardOutput.ReadToEnd();
            wrk.WaitForExit();
            if (text.Contains("Non-2xx", StringComparison.Ordinal))
                throw new ArgumentException($"serving: {address} refused requests: {text.ReplaceLineEndings(" ")}");
            double rate = double.Parse(Rate().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
            return new(rate, Time(text, "50%"), Time(text, "99%"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ArgumentException("serving: there is no wrk here: install it, in Debian by: apt install wrk");
        }
    }

    // 50%  812.00us
    static double Time(string text, string share)
    {
        var found = Regex.Match(text, $@"{share}\s+([\d.]+)(us|ms|s)");
        double number = double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
        return found.Groups[2].Value switch { "us" => number / 1000, "ms" => number, _ => number * 1000 };
    }

    static Answers Median(List<Answers> rounds)
    {
        double Of(Func<Answers, double> part) => rounds.Select(part).Order().ElementAt(rounds.Count / 2);
        return new(Of(one => one.Rate), Of(one => one.Half), Of(one => one.Worst));
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    readonly record struct Answers(double Rate, double Half, double Worst)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Rate:N0} ({Half:F2}, {Worst:F2})");
    }
}
