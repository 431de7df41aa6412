using System.Globalization;

namespace ChainRule.Data;

/// <summary>One column of a table: text as it was read, and numbers where every field is one.</summary>
sealed class Column(string name)
{
    readonly List<string?> _texts = [];
    double[]? _numbers;

    public string Name => name;

    public bool IsNumeric => _numbers is not null;

    /// <summary>The numbers of a numeric column.</summary>
    public ReadOnlySpan<double> Numbers => _numbers;

    /// <summary>Appends a field; null where it is missing.</summary>
    public void Add(string? field) => _texts.Add(field);

    public bool IsMissing(int row) => _texts[row] is null;

    public int FirstMissing() => _texts.IndexOf(null);

    /// <summary>The field as text; a number is written in its shortest form.</summary>
    public string Text(int row) => _numbers is null ? _texts[row]! : _numbers[row].ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The first row that holds something which is no finite number; −1 if none does.</summary>
    public int FirstText() => _texts.FindIndex(text => text is not null && !TryNumber(text, out _));

    /// <summary>Keeps the rows marked.</summary>
    public void Keep(bool[] rows)
    {
        int kept = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i]) _texts[kept++] = _texts[i];
        }
        _texts.RemoveRange(kept, _texts.Count - kept);
    }

    /// <summary>Turns fields into numbers if all of them are; what is missing becomes the mean of the others.</summary>
    public void Finish()
    {
        var numbers = new double[_texts.Count];
        double sum = 0;
        int there = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_texts[i] is not { } text) continue;
            if (!TryNumber(text, out numbers[i])) return;
            sum += numbers[i];
            there++;
        }
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_texts[i] is null) numbers[i] = sum / there;
        }
        _numbers = numbers;
        _texts.Clear();
        _texts.TrimExcess();
    }

    static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
