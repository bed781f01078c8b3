using System.CommandLine;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Commands.Connections;
using Millrace.Commands.Groups;
using Millrace.Configuration;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Lists consumer groups, or one group's members and its lag in each partition.</summary>
internal static class GroupsCommand
{
    public static Command Create()
    {
        var group = new Argument<string?>("group") { Arity = ArgumentArity.ZeroOrOne, Description = "Show the members and the lag of this group." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"group\",\"state\"}], for one group {\"group\",\"state\",\"members\":[…],\"partitions\":[{\"topic\",\"partition\",\"committed\",\"end\",\"lag\",\"member\"}]}");
        var command = new ExampleCommand(
            "groups", "Lists the consumer groups, or one group's members and its lag in each partition.",
            "millrace groups", "millrace groups pipeline-consumer", "millrace groups resolve")
        {
            ResolveCommand.Create(), group, SharedOptions.Data(), SharedOptions.Kafka(), format,
        };
        command.SetAction((parsed, _) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(group), parsed.GetValue(format)));
        return command;
    }

    private static async Task RunAsync(MillraceOptions options, string? group, OutputFormat format)
    {
        var kafka = new KafkaConnection(options);
        using IAdminClient admin = kafka.CreateAdmin();
        kafka.GetMetadata(admin, null);
        try
        {
            if (group is null)
                await ListAsync(admin, format);
            else
                Write(await DescribeAsync(admin, group), format);
        }
        catch (KafkaException e)
        {
            throw kafka.Unreachable(e);
        }
    }

    private static async Task ListAsync(IAdminClient admin, OutputFormat format)
    {
        ListConsumerGroupsResult result = await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = KafkaConnection.AnswerLimit });
        GroupSummary[] groups = [.. result.Valid.OrderBy(g => g.GroupId, StringComparer.Ordinal).Select(g => new GroupSummary(g.GroupId, g.State.ToString()))];
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(groups, JsonContext.Default.GroupSummaryArray));
        else
            DataTable.Write(Console.Out, ["GROUP", "STATE"], groups.Select(g => new object[] { g.Group, g.State }));
    }

    private static async Task<GroupDetails> DescribeAsync(IAdminClient admin, string group)
    {
        DescribeConsumerGroupsResult described = await admin.DescribeConsumerGroupsAsync(
            [group], new DescribeConsumerGroupsOptions { RequestTimeout = KafkaConnection.AnswerLimit });
        ConsumerGroupDescription description = described.ConsumerGroupDescriptions[0];
        if (description.Error.IsError || description.State == ConsumerGroupState.Dead)
            throw new CommandFailedException(ExitCodes.Failed, $"There is no consumer group '{group}': '{Product.CommandName} groups' lists what there is.");

        List<ListConsumerGroupOffsetsResult> committed = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, null)], new ListConsumerGroupOffsetsOptions { RequestTimeout = KafkaConnection.AnswerLimit });
        Dictionary<TopicPartition, long> offsets = committed[0].Partitions.Where(p => p.Offset.Value >= 0).ToDictionary(p => p.TopicPartition, p => p.Offset.Value);
        Dictionary<TopicPartition, string> owners = description.Members
            .SelectMany(m => m.Assignment.TopicPartitions.Select(p => (p, m.ConsumerId)))
            .ToDictionary(x => x.p, x => x.ConsumerId);
        List<TopicPartition> all = [.. offsets.Keys.Union(owners.Keys).OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition.Value)];
        IReadOnlyDictionary<TopicPartition, PartitionOffsets> ends = await TopicOffsets.ReadAsync(admin, all);
        return new GroupDetails(
            group,
            description.State.ToString(),
            [.. description.Members.Select(m => new GroupMember(m.ConsumerId, m.ClientId, m.Host, m.Assignment.TopicPartitions.Count))],
            [
                .. all.Select(p => new GroupPartition(
                    p.Topic,
                    p.Partition.Value,
                    offsets.TryGetValue(p, out long at) ? at : null,
                    ends[p].End,
                    // Without a commit everything is still ahead of the group.
                    ends[p].End - (offsets.TryGetValue(p, out long from) ? from : ends[p].Begin),
                    owners.GetValueOrDefault(p))),
            ]);
    }

    private static void Write(GroupDetails group, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(group, JsonContext.Default.GroupDetails));
            return;
        }

        Console.Error.WriteLine($"Group {group.Group}: {group.State}, {group.Members.Length} member(s), lag {group.Partitions.Sum(p => p.Lag):N0}");
        DataTable.Write(
            Console.Out,
            ["TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "MEMBER"],
            group.Partitions.Select(p => new object?[] { p.Topic, p.Partition, p.Committed, p.End, p.Lag, p.Member }));
    }
}

/// <summary>One line of <c>groups --format json</c>.</summary>
internal sealed record GroupSummary(string Group, string State);

/// <summary>The shape of <c>groups GROUP --format json</c>.</summary>
internal sealed record GroupDetails(string Group, string State, GroupMember[] Members, GroupPartition[] Partitions);

internal sealed record GroupMember(string Member, string Client, string Host, int Partitions);

/// <summary>One partition of a group: committed is null before the first commit, member when nobody has it.</summary>
internal sealed record GroupPartition(string Topic, int Partition, long? Committed, long End, long Lag, string? Member);
