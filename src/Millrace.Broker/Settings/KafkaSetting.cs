using System.Globalization;
using Millrace.Broker.Topics;

namespace Millrace.Broker;

/// <summary>A setting of the broker under Kafka's own name.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Type">As DescribeConfigs sends it.</param>
/// <param name="Read">Its value in effect, as text.</param>
/// <param name="Write">Takes a value; false when it is none that the setting can have. What is out of range is found by the check of the options.</param>
/// <param name="Expected">What it may be, for the error message.</param>
internal sealed record KafkaSetting(
    string Name, ConfigType Type, Func<BrokerSettings, string> Read, Func<BrokerOptions, string, bool> Write, string Expected)
{
    public static KafkaSetting Int(string name, Func<BrokerSettings, int> read, Action<BrokerOptions, int> write) => new(
        name,
        ConfigType.Int,
        s => Text(read(s)),
        (o, v) => int.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && Done(() => write(o, n)),
        "an integer");

    public static KafkaSetting Long(string name, Func<BrokerSettings, long> read, Action<BrokerOptions, long> write) => new(
        name,
        ConfigType.Long,
        s => Text(read(s)),
        (o, v) => long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && Done(() => write(o, n)),
        "an integer");

    public static KafkaSetting Milliseconds(string name, Func<BrokerSettings, TimeSpan> read, Action<BrokerOptions, TimeSpan> write) =>
        Time(name, TimeSpan.FromMilliseconds(1), read, write);

    /// <summary>A duration that is counted in units; -1 is for ever where the options know such a thing.</summary>
    public static KafkaSetting Time(string name, TimeSpan unit, Func<BrokerSettings, TimeSpan> read, Action<BrokerOptions, TimeSpan> write) => new(
        name,
        ConfigType.Long,
        s => Text(read(s) == Timeout.InfiniteTimeSpan ? -1 : (long)(read(s) / unit)),
        (o, v) => long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
            && n < TimeSpan.MaxValue / unit
            && Done(() => write(o, n < 0 ? Timeout.InfiniteTimeSpan : n * unit)),
        "a whole number of " + (unit.TotalMilliseconds == 1 ? "milliseconds" : unit.TotalMinutes == 1 ? "minutes" : "hours"));

    public static KafkaSetting Boolean(string name, Func<BrokerSettings, bool> read, Action<BrokerOptions, bool> write) => new(
        name,
        ConfigType.Boolean,
        s => read(s) ? "true" : "false",
        (o, v) => v is "true" or "false" && Done(() => write(o, v == "true")),
        "true or false");

    /// <summary>The default of a setting that topics have: what is right for it stands there.</summary>
    public static KafkaSetting OfTopic(TopicConfigKey key, Func<BrokerSettings, string> read, Action<BrokerOptions, string> write) =>
        new(key.BrokerName, key.Type, read, (o, v) => key.IsValid(v) && Done(() => write(o, v)), key.Expected);

    /// <summary>One that this broker has in a single value, and may therefore be given only that.</summary>
    public static KafkaSetting Fixed(string name, ConfigType type, string value) =>
        new(name, type, _ => value, (_, v) => v == value, value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool Done(Action write)
    {
        write();
        return true;
    }
}
