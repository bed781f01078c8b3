using System.Collections;
using System.CommandLine;
using Millrace.Configuration;

namespace Millrace.Commands;

/// <summary>A command-line option that is a configuration key.</summary>
internal sealed class KeyOption : Option<string?>
{
    public KeyOption(string name, string key, string helpName, string description)
        : base(name)
    {
        Key = key;
        HelpName = helpName;
        Description = description;
    }

    public string Key { get; }
}

/// <summary>The options that several commands have, and how the configuration is read with them on top.</summary>
internal static class SharedOptions
{
    public static KeyOption Data() => new("--data", "Data", "DIR", "The data directory of the instance. [default: .millrace]");

    public static KeyOption Kafka() => new("--kafka", "Kafka:BootstrapServers", "HOST:PORT", "A Kafka cluster instead of the running instance's.");

    public static KeyOption Postgres() => new("--postgres", "Postgres:ConnectionString", "CONNSTR", "A PostgreSQL server instead of the running instance's.");

    public static KeyOption Topic() => new("--topic", "Kafka:Topic", "TOPIC", "The topic. [default: events]");

    public static KeyOption Group() => new("--group", "Kafka:GroupId", "GROUP", "The pipeline's consumer group. [default: pipeline-consumer]");

    public static KeyOption Partitions() => new("--partitions", "Kafka:Partitions", "N", "Partitions of the topic when it is made. [default: 3]");

    public static KeyOption AppPort() => new("--port", "App:Port", "PORT", "The port of HTTP: ingest, health, API. [default: 8082]");

    /// <summary>The configuration with the options of this command line on top.</summary>
    public static MillraceOptions Load(ParseResult parsed)
    {
        IEnumerable<OptionValue> given = parsed.CommandResult.Command.Options.OfType<KeyOption>()
            .Select(o => (Option: o, Value: parsed.GetValue(o)))
            .Where(p => p.Value is not null)
            .Select(p => new OptionValue(p.Option.Key, p.Value!, p.Option.Name));
        IDictionary environment = Environment.GetEnvironmentVariables();
        return OptionsLoader.Load(Environment.CurrentDirectory, environment, given);
    }
}
