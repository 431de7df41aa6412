namespace ChainRule.Workers.Bench;

/// <summary>What lies between any two workers: each has one, and sends over it one message after another.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Latency">α, in seconds: until the first byte of a message arrives.</param>
/// <param name="Rate">β, in bytes a second, in each direction.</param>
/// <param name="Message">What a message costs the processor that sends or receives it, in seconds.</param>
/// <param name="UsesProcessor">Whether the bytes are moved by the processor that computes, as shared memory is: then
/// nothing is computed meanwhile.</param>
sealed record Link(string Name, double Latency, double Rate, double Message, bool UsesProcessor = false)
{
    /// <summary>Those that are simulated: the first as <c>--transport</c> measures it, the others of data sheets.
    /// </summary>
    public static IReadOnlyList<Link> All { get; } =
    [
        new("shared memory", 1e-6, 8e9, 1e-6, UsesProcessor: true),
        new("1 Gbit/s Ethernet", 50e-6, 125e6, 5e-6),
        new("10 Gbit/s Ethernet", 30e-6, 1.25e9, 5e-6),
        new("100 Gbit/s InfiniBand", 2e-6, 12.5e9, 1e-6),
    ];
}
