using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What the Java tools do as members of groups, and with groups.</summary>
internal static class JavaGroups
{
    private static readonly GroupSteps Steps = new(Eventually.Limit);

    public static async Task<string> CommitAsync(string bootstrap, string topic)
    {
        await SendAsync(bootstrap, topic, 10);
        string[] options = ["--bootstrap-server", bootstrap, "--topic", topic, "--group", topic, "--timeout-ms", "60000", "--command-property", "auto.offset.reset=earliest"];
        var first = (await KafkaTools.RunAsync("kafka-console-consumer", [.. options, "--max-messages", "5"])).ShouldSucceed();
        Assert.Equal("v0\nv1\nv2\nv3\nv4\n", first.Output);
        var second = (await KafkaTools.RunAsync("kafka-console-consumer", [.. options, "--max-messages", "1", "--formatter-property", "print.offset=true"])).ShouldSucceed();
        return $"from {second.Output.Split('\t')[0].Replace("Offset:", "", StringComparison.Ordinal)}";
    }

    public static Task<string> StaticMemberAsync(string bootstrap, string topic) => Steps.StaticMemberAsync(
        bootstrap, topic, name => new JavaMember(bootstrap, topic, "--group-instance-id", name, "--session-timeout", "60000"));

    public static Task<string> CooperativeAsync(string bootstrap, string topic) => Steps.CooperativeAsync(
        bootstrap, topic, () => new JavaMember(bootstrap, topic, "--assignment-strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));

    public static async Task<string> GroupsAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await ConfluentSteps.SendAsync(producer, topic, 1);
        string stable;
        await using (var member = new ConfluentMember(bootstrap, topic))
        {
            await Eventually.TrueAsync(() => member.Seen == 1, "the member has its record");
            stable = await StateAsync(bootstrap, topic);
        }

        return $"{stable}, {await StateAsync(bootstrap, topic)}";
    }

    /// <summary>The tool's columns: GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG and more.</summary>
    public static async Task<string> OffsetsAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        var described = (await GroupsToolAsync(bootstrap, topic, "--describe")).ShouldSucceed().Output;
        var row = described.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(columns => columns is [_, var name, ..] && name == topic);
        Assert.Equal("5", row[5]);
        return $"{row[3]} of {row[4]}";
    }

    public static async Task<string> ResetOffsetsAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        (await GroupsToolAsync(bootstrap, topic, "--reset-offsets", "--topic", topic, "--to-offset", "3", "--execute")).ShouldSucceed();
        return $"from {await ConfluentOffsets.CommittedAsync(bootstrap, topic)}";
    }

    public static async Task<string> DeleteOffsetsAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        (await GroupsToolAsync(bootstrap, topic, "--delete-offsets", "--topic", topic)).ShouldSucceed();
        return await ConfluentOffsets.CommittedAsync(bootstrap, topic) is { } left ? $"still {left}" : "gone";
    }

    /// <summary>The last two columns of the tool: GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS.</summary>
    private static async Task<string> StateAsync(string bootstrap, string group)
    {
        var result = (await GroupsToolAsync(bootstrap, group, "--describe", "--state")).ShouldSucceed();
        var columns = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"{columns[^2]} {columns[^1]}";
    }

    private static Task<CommandResult> GroupsToolAsync(string bootstrap, string group, params string[] arguments) =>
        KafkaTools.RunAsync("kafka-consumer-groups", ["--bootstrap-server", bootstrap, "--group", group, .. arguments]);

    private static async Task SendAsync(string bootstrap, string topic, int count) =>
        (await KafkaTools.RunAsync(
            "kafka-console-producer",
            ["--bootstrap-server", bootstrap, "--topic", topic, "--compression-codec", "zstd", "--reader-property", "parse.key=true", "--reader-property", "key.separator=:"],
            string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}:v{i}\n")))).ShouldSucceed();
}
