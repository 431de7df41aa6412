namespace ChainRule.Zoo.Datasets;

/// <summary>What a published SHA-256, and the byte count beside it, are taken of.</summary>
public enum HashOf
{
    /// <summary>The file as it is.</summary>
    File,

    /// <summary>
    /// The content after un-gzipping: for a .gz that copies recompress, so that only the content is the
    /// same everywhere.
    /// </summary>
    Content,
}

/// <summary>One file of a published data set, and how to tell that a copy is right.</summary>
/// <param name="Name">The name it has in the data folder and on a mirror.</param>
/// <param name="Url">The published original.</param>
/// <param name="Bytes">How many bytes the hash is of.</param>
/// <param name="Sha256">SHA-256 in lower-case hexadecimal.</param>
/// <param name="Hashed">Whether bytes and hash are of the file or of its un-gzipped content.</param>
public sealed record PublishedFile(string Name, Uri Url, long Bytes, string Sha256, HashOf Hashed = HashOf.File)
{
    /// <summary>
    /// The most bytes a right copy can have. Deflate stores what it cannot shrink with 5 bytes a block, so that even a
    /// gzip of noise stays within a thousandth and a header of its content.
    /// </summary>
    internal long MostBytes => Hashed == HashOf.File ? Bytes : Bytes + Bytes / 1000 + 65_536;
}
