namespace ChainRule.Lab.Sessions;

/// <summary>What a browser asks of a session. Rooms derive their own records, told apart in JSON by <c>type</c>.
/// </summary>
public abstract record LabRequest;

/// <summary>What a session answers. Numbers in plenty travel beside the JSON, as <see cref="NumberBlock"/>.</summary>
public abstract record LabAnswer;

/// <summary>The first message of all: which room a session is for.</summary>
/// <param name="Room">The name of a <see cref="LabRoom"/>.</param>
public sealed record OpenRequest(string Room);

/// <summary>A session that was made.</summary>
public sealed record OpenAnswer(string Session, string Room);

/// <summary>Why something was refused, in one sentence.</summary>
public sealed record RefusedAnswer(string Refused);

/// <summary>Where in the binary part of an answer an array of numbers stands.</summary>
/// <param name="At">The first byte, from the beginning of the binary part; a multiple of 8.</param>
/// <param name="Count">How many numbers.</param>
/// <param name="Kind"><c>float32</c>, <c>float64</c>, <c>int32</c> or <c>uint8</c>, little endian.</param>
public sealed record NumberBlock(int At, int Count, string Kind);

/// <summary>A file that a page shows.</summary>
/// <param name="Type">What it is, as a media type: <c>image/svg+xml</c>.</param>
public sealed record LabFile(string Type, ReadOnlyMemory<byte> Bytes);
