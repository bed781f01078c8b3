namespace Millrace.Testing;

/// <summary>The command line tools of Apache Kafka, in Java: console producer and consumer, topics, groups.</summary>
public static class KafkaTools
{
    /// <summary>The program that starts one: its first argument is the tool's name. Skips the test where it is not to be had.</summary>
    public static string Launcher
    {
        get
        {
            var launcher = SharedFolder.Find("kafka/bin/kafka-tool");
            Requirement.Require(launcher is not null, "the Apache Kafka tools of ../shared/kafka are not here");
            Requirement.Require(CommandLine.Exists("java"), "Java is not on the PATH (17 or later runs the Apache Kafka tools)");
            return launcher!;
        }
    }

    /// <summary>Runs one, such as <c>kafka-console-producer</c>. A JVM start takes seconds on a busy machine, hence the limit.</summary>
    public static Task<CommandResult> RunAsync(string tool, IEnumerable<string> arguments, string? input = null, TimeSpan? limit = null) =>
        CommandLine.RunAsync(
            Launcher,
            [tool, .. arguments],
            input,
            limit ?? TimeSpan.FromMinutes(2),
            new Dictionary<string, string> { ["KAFKA_TOOL_LOG_LEVEL"] = "ERROR" });
}
