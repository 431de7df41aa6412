namespace ChainRule.Pictures;

/// <summary>
/// Numbers behind a picture, for who reads instead of looking. Rows are made when asked for: a page shows only
/// the first of very many.
/// </summary>
sealed record DataTable(string Title, IReadOnlyList<string> Columns, int Count, Func<int, IReadOnlyList<string>> Row);
