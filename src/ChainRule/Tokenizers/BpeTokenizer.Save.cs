using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChainRule.Data;

namespace ChainRule.Tokenizers;

public sealed partial class BpeTokenizer
{
    static readonly JsonWriterOptions s_json = new()
        { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Writes a tokenizer.json, which libraries of many languages read.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        Throw.IfNull(path, Asked);
        string json = ToJson();
        AtomicFile.Write(Asked, path, to => to.Write(Encoding.UTF8.GetBytes(json)));
    }

    /// <summary>The text of a tokenizer.json: <see cref="FromJson"/> reads it.</summary>
    public string ToJson()
    {
        var merges = Merges("tokenizer.json", mustBeWhole: false);
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, s_json))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            WriteSpecials(json);
            json.WriteNull("normalizer");
            WritePattern(json);
            json.WriteNull("post_processor");
            json.WriteStartObject("decoder");
            WriteByteLevel(json, regex: true);
            json.WriteEndObject();
            json.WriteStartObject("model");
            json.WriteString("type", "BPE");
            json.WriteNull("dropout");
            json.WriteNull("unk_token");
            json.WriteNull("continuing_subword_prefix");
            json.WriteNull("end_of_word_suffix");
            json.WriteBoolean("fuse_unk", false);
            json.WriteBoolean("byte_fallback", false);
            json.WriteBoolean("ignore_merges", _wholePieces);
            json.WriteStartObject("vocab");
            WriteVocabulary(json, withSpecials: false);
            json.WriteEndObject();
            json.WriteStartArray("merges");
            foreach (string merge in merges) json.WriteStringValue(merge);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(to.GetBuffer().AsSpan(0, (int)to.Length));
    }

    /// <summary>Writes GPT-2's two files; they do not say where texts are cut.</summary>
    /// <param name="vocabularyPath">vocab.json.</param>
    /// <param name="mergesPath">merges.txt.</param>
    /// <exception cref="IOException">One cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A token is not made of two others by merging, as these files need.
    /// </exception>
    public void SaveGpt2(string vocabularyPath, string mergesPath)
    {
        Throw.IfNull(vocabularyPath, Asked);
        Throw.IfNull(mergesPath, Asked);
        var merges = Merges("vocab.json and merges.txt", mustBeWhole: true);
        AtomicFile.Write(Asked, vocabularyPath, to =>
        {
            using var json = new Utf8JsonWriter(to, s_json with { Indented = false });
            json.WriteStartObject();
            WriteVocabulary(json, withSpecials: true);
            json.WriteEndObject();
        });
        AtomicFile.Write(Asked, mergesPath, to =>
            to.Write(Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Concat(merges.Select(one => one + "\n")))));
    }

    /// <summary>Writes a file of tiktoken; special tokens and the pattern are not in it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidOperationException">Tokens are not numbered in the order of their merges, as such a file
    /// needs.</exception>
    public void SaveTiktoken(string path)
    {
        Throw.IfNull(path, Asked);
        if (!_allPairs) CheckOrder();
        AtomicFile.Write(Asked, path, to =>
        {
            for (int id = 0; id < _table.Size; id++)
                if (_table[id] is { } bytes)
                    to.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                        $"{Convert.ToBase64String(bytes)} {id}\n")));
        });
    }

    // Ranks are ids in such a file: those of the bytes may be any, and merged tokens follow in the order of merges.
    void CheckOrder()
    {
        int before = -1;
        foreach (var (left, right, merge) in _pairs.All().OrderBy(one => one.Merge.Rank))
        {
            if (merge.Id < before || merge.Id <= left && _table[left]!.Length > 1
                || merge.Id <= right && _table[right]!.Length > 1)
                Throw.Invalid($"{Asked}: '{TokenTable.Shown(_table[merge.Id])}' has id {merge.Id}, and what was merged "
                    + $"before has a greater one: a file of tiktoken has one number for both: save a tokenizer.json");
            before = merge.Id;
        }
    }

    // The merges as lines. Where any two tokens merge that are a third, a token is made of the two that its bytes come
    // to by the merges before it; where they come to more, it is found as a whole piece alone.
    List<string> Merges(string file, bool mustBeWhole)
    {
        if (!_allPairs)
            return [.. _pairs.All().OrderBy(one => one.Merge.Rank).Select(one => Line(one.Left, one.Right))];
        List<string> lines = [];
        Span<int> parts = new int[LongestToken];
        for (int id = 0; id < _table.Size; id++)
        {
            if (_table[id] is not { Length: > 1 } bytes) continue;
            if (_merger.Merge(bytes, parts, below: id) == 2) lines.Add(Line(parts[0], parts[1]));
            else if (mustBeWhole)
                Throw.Invalid($"{Asked}: '{TokenTable.Shown(bytes)}', id {id}, is not made of two tokens, as {file} "
                    + "need: save a tokenizer.json");
        }
        return lines;
    }

    string Line(int left, int right) => $"{ByteAlphabet.Text(_table[left])} {ByteAlphabet.Text(_table[right])}";

    void WriteVocabulary(Utf8JsonWriter json, bool withSpecials)
    {
        var specials = _specials.ToDictionary(one => one.Value, one => one.Key);
        for (int id = 0; id < Size; id++)
            if (_table[id] is { } bytes) json.WriteNumber(ByteAlphabet.Text(bytes), id);
            else if (withSpecials && specials.TryGetValue(id, out string? special)) json.WriteNumber(special, id);
    }

    void WriteSpecials(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        foreach (var (text, id) in _specials.OrderBy(one => one.Value))
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", text);
            foreach (string flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    void WritePattern(Utf8JsonWriter json)
    {
        json.WriteStartObject("pre_tokenizer");
        if (Pattern == TokenPattern.Gpt2) WriteByteLevel(json, regex: true);
        else
        {
            json.WriteString("type", "Sequence");
            json.WriteStartArray("pretokenizers");
            json.WriteStartObject();
            json.WriteString("type", "Split");
            json.WriteStartObject("pattern");
            json.WriteString("Regex", TokenizerJson.Regex(Pattern));
            json.WriteEndObject();
            json.WriteString("behavior", "Isolated");
            json.WriteBoolean("invert", false);
            json.WriteEndObject();
            json.WriteStartObject();
            WriteByteLevel(json, regex: false);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void WriteByteLevel(Utf8JsonWriter json, bool regex)
    {
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", regex);
    }
}
