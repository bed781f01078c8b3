using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Configuration;

/// <summary>Every key there is. What is not here is an error, so that a misspelt key does not go by in silence.</summary>
internal static class OptionKeys
{
    /// <summary>Below this, the names are librdkafka's, which knows its own.</summary>
    public const string KafkaSettingsPrefix = "Kafka:Settings:";

    /// <summary>Below this, the names are those of Kafka's broker. The embedded one knows which it has, and checks them when it starts.</summary>
    public const string BrokerPrefix = "Broker:";

    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Text("Data", (o, v) => o.Data = v),
        Name<PortMode>("Ports", (o, v) => o.Ports = v),
        Text("Kafka:BootstrapServers", (o, v) => o.Kafka.BootstrapServers = v),
        Number("Kafka:Port", 1, 65535, (o, v) => o.Kafka.Port = v),
        Topic("Kafka:Topic", (o, v) => o.Kafka.Topic = v),
        Topic("Kafka:DeadLetterTopic", (o, v) => o.Kafka.DeadLetterTopic = v),
        Number("Kafka:Partitions", 1, 1000, (o, v) => o.Kafka.Partitions = v),
        Text("Kafka:GroupId", (o, v) => o.Kafka.GroupId = v),
        Text("Kafka:GroupInstanceId", (o, v) => o.Kafka.GroupInstanceId = v),
        new("Postgres:ConnectionString", true, ApplyConnectionString),
        new("Postgres:ConnectionStringFile", false, ApplyConnectionStringFile),
        Number("Postgres:Port", 1, 65535, (o, v) => o.Postgres.Port = v),
        Text("Postgres:BinaryDirectory", (o, v) => o.Postgres.BinaryDirectory = v),
        Number("App:Port", 1, 65535, (o, v) => o.App.Port = v),
        new("Parking:RetryDelays", false, (o, v) => Durations.Parse(v) is { } d ? Set(() => o.Parking.RetryDelays = d) : "durations such as '5s, 1m, 10m', at most 20"),
        Number("Parking:MaxEventsPerUser", 1, 100_000, (o, v) => o.Parking.MaxEventsPerUser = v),
        Number("Parking:MaxEvents", 1, 1_000_000, (o, v) => o.Parking.MaxEvents = v),
        Text("Schemas:Directory", (o, v) => o.Schemas.Directory = v),
        Name<LogLevel>("Log:Level", (o, v) => o.LogLevel = v),
    ];

    public static OptionKey? Find(string name)
    {
        if (DottedNameBelow(KafkaSettingsPrefix, name) is { } ofClients)
            return new OptionKey(name, true, (o, v) => Set(() => o.Kafka.Settings[ofClients] = v));
        if (DottedNameBelow(BrokerPrefix, name) is { } ofBroker)
            return new OptionKey(name, true, (o, v) => Set(() => o.Broker[ofBroker] = v));
        return All.FirstOrDefault(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The setting below the prefix under Kafka's own name, which has small letters and dots; null when the key is elsewhere. No shell sets a variable with
    /// a dot in its name, so an underscore is one too: <c>MILLRACE__BROKER__NUM_PARTITIONS</c>.
    /// </summary>
    private static string? DottedNameBelow(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name.Length > prefix.Length
            ? name[prefix.Length..].ToLowerInvariant().Replace('_', '.')
            : null;

    private static OptionKey Text(string name, Action<MillraceOptions, string> apply) =>
        new(name, false, (o, v) => string.IsNullOrWhiteSpace(v) ? "a text that is not empty" : Set(() => apply(o, v)));

    private static OptionKey Topic(string name, Action<MillraceOptions, string> apply) =>
        new(name, false, (o, v) => IsTopicName(v) ? Set(() => apply(o, v)) : "a topic name (letters, digits, '.', '_', '-'; at most 249)");

    private static OptionKey Number(string name, int least, int most, Action<MillraceOptions, int> apply) =>
        new(name, false, (o, v) => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= least && n <= most
            ? Set(() => apply(o, n))
            : $"a whole number from {least} to {most}");

    private static OptionKey Name<T>(string name, Action<MillraceOptions, T> apply)
        where T : struct, Enum => new(
            name,
            false,
            // By name only: the parser would take numbers too.
            (o, v) => Enum.GetNames<T>().Contains(v, StringComparer.OrdinalIgnoreCase)
                ? Set(() => apply(o, Enum.Parse<T>(v, ignoreCase: true)))
                : $"one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    private static string? ApplyConnectionString(MillraceOptions options, string value)
    {
        try
        {
            options.Postgres.ConnectionString = new NpgsqlConnectionStringBuilder(value).ConnectionString;
            return null;
        }
        catch (ArgumentException)
        {
            // The library's message can quote the value, which may hold a password.
            return "an Npgsql connection string such as 'Host=db;Username=u;Password=p;Database=d'";
        }
    }

    private static string? ApplyConnectionStringFile(MillraceOptions options, string path)
    {
        try
        {
            string? wrong = ApplyConnectionString(options, File.ReadAllText(path).Trim());
            return wrong is null ? null : $"a file that holds {wrong}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"a file that can be read ({e.Message})";
        }
    }

    private static bool IsTopicName(string name) =>
        name.Length is > 0 and <= 249 && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string? Set(Action apply)
    {
        apply();
        return null;
    }
}
