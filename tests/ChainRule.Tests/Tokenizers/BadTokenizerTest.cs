using System.Globalization;
using System.Text.Json.Nodes;
using ChainRule.Tokenizers;

namespace ChainRule.Tests.Tokenizers;

/// <summary>Files of strangers: one sentence, nothing is run, nothing grows beyond the file.</summary>
public sealed class BadTokenizerTest : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly BpeTokenizer _good = BpeTokenizer.Train(["ab ab abc abc"], 260, TokenPattern.Gpt2, "<|end|>");

    public void Dispose() => _folder.Dispose();

    string Json(Action<JsonObject> change)
    {
        string path = _folder.PathOf("t.json");
        _good.Save(path);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        return _folder.Write("t.json", json.ToJsonString());
    }

    void Refuses(string says, Action<JsonObject> change)
    {
        string path = Json(change);
        Refused.With<InvalidDataException>($"tokenizer '{path}': {says}", () => BpeTokenizer.Read(path));
    }

    static JsonObject Model(JsonObject json) => json["model"]!.AsObject();

    static JsonObject Vocabulary(JsonObject json) => Model(json)["vocab"]!.AsObject();

    [Fact]
    public void A_tokenizer_json_is_refused_by_what_is_wrong_with_it()
    {
        Assert.Equal(_good.Encode("abc"), BpeTokenizer.Read(Json(_ => { })).Encode("abc"));
        Refuses("there is no 'model' in it: give a tokenizer.json", json => json.Remove("model"));
        Refuses("its model is of type Unigram: only BPE on bytes is read", json => Model(json)["type"] = "Unigram");
        Refuses("it has a normalizer ({\"type\":\"NFC\"}), which is not done here: do it by yourself, and take it out "
            + "of the file", json => json["normalizer"] = new JsonObject { ["type"] = "NFC" });
        Refuses("its model has a dropout, which is not done here: only BPE on bytes is read",
            json => Model(json)["dropout"] = 0.1);
        Refuses("its tokens are characters with bytes for the rest (byte_fallback): only BPE on bytes is read",
            json => Model(json)["byte_fallback"] = true);
        Refuses("its model lacks vocab or merges: take a whole copy of the file", json => Model(json).Remove("merges"));
        Refuses("it has no pre_tokenizer, so that its tokens are no bytes: only BPE on bytes is read",
            json => json["pre_tokenizer"] = null);
        Refuses("its pre_tokenizer {\"type\":\"Whitespace\"} is not done here: texts are cut as in GPT-2, cl100k, "
            + "Llama 3, Qwen 2 or o200k, and then into bytes",
            json => json["pre_tokenizer"] = new JsonObject { ["type"] = "Whitespace" });
        Refuses("the byte 0x21 is no token, so that not every text can be encoded: give a vocabulary of bytes, as "
            + "GPT-2's is", json => Vocabulary(json).Remove("!"));
        Refuses("id 97 is that of 'a' and of 'b': take a whole copy of the file", json => Vocabulary(json)["b"] = 97);
        Refuses("id -1: give 0 to 4,000,000", json => Vocabulary(json)["b"] = -1);
        Refuses("id 2000000000: give 0 to 4,000,000", json => Vocabulary(json)["b"] = 2_000_000_000);
        Refuses("the id of the token 'b' is no whole number: give one", json => Vocabulary(json)["b"] = 1.5);
        Refuses("merge 4, 'x' and 'y': the vocabulary lacks 'xy': take vocabulary and merges of one model",
            json => Model(json)["merges"]!.AsArray().Add("x y"));
        Refuses("merge 4, 'xy' and '': the vocabulary lacks 'xy': take vocabulary and merges of one model",
            json => Model(json)["merges"]!.AsArray().Add("xy"));
        Refuses("merge 4 stands before already: take a whole copy of the file",
            json => Model(json)["merges"]!.AsArray().Add(Model(json)["merges"]![0]!.GetValue<string>()));
        Refuses("the merge [1] is not two tokens: take a whole copy of the file",
            json => Model(json)["merges"]!.AsArray().Add(new JsonArray(1)));
        Refuses("an added token lacks its content or its id: take a whole copy of the file",
            json => json["added_tokens"]!.AsArray().Add(new JsonObject()));
        Refuses("id 97 is that of the special token 'x!' and of 'a': give it another id", json =>
            json["added_tokens"]!.AsArray().Add(new JsonObject { ["content"] = "x!", ["id"] = 97 }));
    }

    [Fact]
    public void Other_files_are_refused()
    {
        string text = _folder.Write("x.json", "not json");
        Assert.StartsWith($"tokenizer '{text}': this is no JSON (", Assert.Throws<InvalidDataException>(
            () => BpeTokenizer.Read(text)).Message, StringComparison.Ordinal);
        string deep = _folder.Write("deep.json", new string('[', 100_000));
        Assert.Throws<InvalidDataException>(() => BpeTokenizer.Read(deep));
        string twice = _folder.Write("twice.json", "{\"a\": 1, \"a\": 2}");
        Refused.With<InvalidDataException>($"tokenizer '{twice}': the token 'a' has ids 1 and 2: take a whole copy of "
            + "the file", () => BpeTokenizer.ReadGpt2(twice, twice));
        Refused.With<FileNotFoundException>($"tokenizer '{_folder.Path}': this folder has no tokenizer.json, and not "
            + "both of vocab.json and merges.txt: give the file", () => BpeTokenizer.Read(_folder.Path));
        Refused.With<ArgumentException>("tokenizer: pattern 9: give one of Gpt2, Cl100k, Llama3, Qwen2, O200k",
            () => BpeTokenizer.ReadTiktoken(text, (TokenPattern)9));
    }

    [Theory]
    [InlineData("YQ==")]
    [InlineData("?? 1")]
    [InlineData("YQ== -1")]
    public void A_line_of_tiktoken_is_refused(string line)
    {
        string path = _folder.Write("bad.tiktoken", $"YQ== 0\n{line}\n");
        Refused.With<InvalidDataException>($"tokenizer '{path}': line 2: a token of up to 1,024 bytes as base64, a "
            + "space and its rank were expected: give a file of tiktoken",
            () => BpeTokenizer.ReadTiktoken(path, TokenPattern.Gpt2));
    }

    [Fact]
    public void Ranks_and_tokens_that_come_twice_are_refused()
    {
        string ranks = _folder.Write("a.tiktoken", "YQ== 0\nYg== 0\n"), tokens = _folder.Write("b.tiktoken",
            "YQ== 0\nYQ== 1\n"), bytes = _folder.Write("c.tiktoken", "YQ== 0\n");
        Refused.With<InvalidDataException>($"tokenizer '{ranks}': id 0 is that of 'a' and of 'b': take a whole copy of "
            + "the file", () => BpeTokenizer.ReadTiktoken(ranks, TokenPattern.Gpt2));
        Refused.With<InvalidDataException>($"tokenizer '{tokens}': the token 'a' has ids 0 and 1: take a whole copy of "
            + "the file", () => BpeTokenizer.ReadTiktoken(tokens, TokenPattern.Gpt2));
        Refused.With<InvalidDataException>($"tokenizer '{bytes}': the byte 0x00 is no token, so that not every text "
            + "can be encoded: give a vocabulary of bytes, as GPT-2's is",
            () => BpeTokenizer.ReadTiktoken(bytes, TokenPattern.Gpt2));
    }

    [Fact]
    public void An_id_of_no_token_is_refused() =>
        Refused.With<ArgumentOutOfRangeException>($"tokenizer: no token has the id {_good.Size}: ids run from 0 to "
            + $"{_good.Size - 1}", () => _good.Decode([_good.Size]));

    /// <summary>Bytes changed, left out, doubled or cut off, in each form of a vocabulary. CHAINRULE_FUZZ says how many
    /// files of each; 300 by default.</summary>
    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("ranks.tiktoken")]
    public void Whatever_bytes_a_file_has_it_is_read_or_refused_by_one_sentence(string file)
    {
        const string Marks = "0123456789{}[]\",:.\\ \n";
        int count = int.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ"), CultureInfo.InvariantCulture,
            out int given) ? given : 300;
        _good.Save(_folder.PathOf("tokenizer.json"));
        _good.SaveGpt2(_folder.PathOf("vocab.json"), _folder.PathOf("merges.txt"));
        _good.SaveTiktoken(_folder.PathOf("ranks.tiktoken"));
        byte[] sound = File.ReadAllBytes(_folder.PathOf(file));
        var rng = new Random(9);
        int read = 0;
        for (int round = 0; round < count; round++)
        {
            List<byte> bytes = [.. sound];
            for (int edits = rng.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
            {
                int at = rng.Next(bytes.Count);
                switch (rng.Next(8))
                {
                    case 0: bytes.RemoveAt(at); break;
                    case 1: bytes.Insert(at, bytes[rng.Next(bytes.Count)]); break;
                    case 2: bytes.RemoveRange(at, rng.Next(bytes.Count - at)); break;
                    case 3: bytes[at] = (byte)rng.Next(256); break;
                    default: bytes[at] = (byte)Marks[rng.Next(Marks.Length)]; break;
                }
            }
            _folder.Write(file, [.. bytes]);
            try
            {
                var tokenizer = file switch
                {
                    "tokenizer.json" => BpeTokenizer.Read(_folder.PathOf(file)),
                    "ranks.tiktoken" => BpeTokenizer.ReadTiktoken(_folder.PathOf(file), TokenPattern.Gpt2),
                    _ => BpeTokenizer.ReadGpt2(_folder.PathOf("vocab.json"), _folder.PathOf("merges.txt")),
                };
                Assert.Equal("abc abc", tokenizer.Decode(tokenizer.Encode("abc abc")));
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("tokenizer '", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', e.Message);
                Assert.InRange(e.Message.Length, 20, 600);
            }
        }
        Assert.InRange(read, 1, count - 1);
    }
}
