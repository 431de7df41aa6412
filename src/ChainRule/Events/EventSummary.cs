using ChainRule.Protobuf;

namespace ChainRule.Events;

/// <summary>
/// What an event says, as the messages of TensorFlow's <c>event.proto</c> and <c>summary.proto</c>, and of the plugin
/// of hyper-parameters (<c>plugin_data.proto</c>, <c>api.proto</c>).
/// </summary>
static class EventSummary
{
    // Fields of an event, a summary and a value.
    const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, Value = 1, Tag = 1, SimpleValue = 2, Image = 4,
        Histogram = 5, Tensor = 8, Metadata = 9;

    const int FloatType = 1, StringType = 7, TensorClass = 2;

    // Linear bins, as TensorBoard draws them; it draws 30 if nothing is said.
    const int Bins = 64;

    public const string Version = "brain.Event:2";

    /// <summary>The first event of a file.</summary>
    public static ReadOnlyMemory<byte> Start(DateTimeOffset time)
    {
        var to = new ProtoWriter();
        to.Real(WallTime, Seconds(time));
        to.Text(FileVersion, Version);
        return to.Bytes;
    }

    /// <summary>An event of one value.</summary>
    public static ReadOnlyMemory<byte> Event(string tag, long step, DateTimeOffset time, Action<ProtoWriter> content)
    {
        var to = new ProtoWriter();
        to.Real(WallTime, Seconds(time));
        if (step != 0) to.Number(Step, step);
        to.Message(Summary, summary => summary.Message(Value, value =>
        {
            value.Text(Tag, tag);
            content(value);
        }));
        return to.Bytes;
    }

    public static void Scalar(ProtoWriter value, double x) => value.Real(SimpleValue, (float)x);

    public static void Picture(ProtoWriter value, int height, int width, byte[] png) => value.Message(Image, image =>
    {
        const int Rgb = 3;
        image.Number(1, height);
        image.Number(2, width);
        image.Number(3, Rgb);
        image.Blob(4, png);
    });

    public static void Markdown(ProtoWriter value, string text)
    {
        value.Message(Tensor, tensor =>
        {
            tensor.Number(1, StringType);
            tensor.Message(2, static _ => { });
            tensor.Blob(8, System.Text.Encoding.UTF8.GetBytes(text));
        });
        value.Message(Metadata, metadata =>
        {
            metadata.Message(1, plugin => plugin.Text(1, "text"));
            metadata.Number(4, TensorClass);
        });
    }

    /// <summary>How numbers are distributed; those that are not finite are left out.</summary>
    public static void Distribution(ProtoWriter value, double[] numbers)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity, sum = 0, squares = 0;
        long count = 0;
        foreach (double x in numbers)
        {
            if (!double.IsFinite(x)) continue;
            (least, most) = (Math.Min(least, x), Math.Max(most, x));
            sum += x;
            squares += x * x;
            count++;
        }
        if (count == 0) (least, most) = (0, 0);
        int bins = least < most ? Bins : 1;
        double[] limits = [.. Enumerable.Range(1, bins).Select(i =>
            i == bins ? most : least + (most - least) * i / bins)];
        double[] counts = new double[bins];
        foreach (double x in numbers)
            if (double.IsFinite(x)) counts[bins == 1 ? 0 : Place(x, least, most)]++;
        value.Message(Histogram, histogram =>
        {
            histogram.Real(1, least);
            histogram.Real(2, most);
            histogram.Real(3, (double)count);
            histogram.Real(4, sum);
            histogram.Real(5, squares);
            histogram.Packed(6, limits);
            histogram.Packed(7, counts);
        });
    }

    /// <summary>Something that the plugin of hyper-parameters reads, whose content stands in the metadata.</summary>
    public static void Plugin(ProtoWriter value, int field, Action<ProtoWriter> data)
    {
        // A tensor of no numbers, without which a value is passed over.
        value.Message(Tensor, tensor =>
        {
            tensor.Number(1, FloatType);
            tensor.Message(2, shape => shape.Message(2, static _ => { }));
        });
        value.Message(Metadata, metadata => metadata.Message(1, plugin =>
        {
            var content = new ProtoWriter();
            content.Message(field, data);
            plugin.Text(1, "hparams");
            plugin.Blob(2, content.Bytes.Span);
        }));
    }

    /// <summary>Seconds since 1970.</summary>
    public static double Seconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond;

    // By halves, since the difference of two very large numbers is infinite.
    static int Place(double x, double least, double most) =>
        Math.Clamp((int)((x / 2 - least / 2) / (most / 2 - least / 2) * Bins), 0, Bins - 1);
}
