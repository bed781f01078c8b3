using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka does with groups.</summary>
internal static class ConfluentGroups
{
    private static readonly GroupSteps Steps = new(Limit);

    public static async Task<string> GroupAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 3 });
        var members = new List<ConfluentMember>();
        var shares = new List<string>();
        try
        {
            foreach (var wanted in (string[])["3", "1+2", "1+1+1"])
            {
                members.Add(new ConfluentMember(bootstrap, topic));
                shares.Add(await Steps.SettleAsync(members, wanted));
            }

            await members[0].DisposeAsync();
            members.RemoveAt(0);
            shares.Add(await Steps.SettleAsync(members, "1+2"));
            return string.Join(", ", shares);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    public static Task<string> StaticMemberAsync(string bootstrap, string topic) => Steps.StaticMemberAsync(
        bootstrap, topic, name => new ConfluentMember(bootstrap, topic, config => (config.GroupInstanceId, config.SessionTimeoutMs) = (name, 60_000)));

    public static Task<string> CooperativeAsync(string bootstrap, string topic) => Steps.CooperativeAsync(
        bootstrap, topic, () => new ConfluentMember(bootstrap, topic, config => config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky));

    public static async Task<string> GroupsAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 1);
        using var admin = Admin(bootstrap);
        string stable;
        await using (var member = new ConfluentMember(bootstrap, topic))
        {
            await Eventually.TrueAsync(() => member.Seen == 1, "the member has its record", Limit);
            stable = await DescribeAsync(admin, topic);
        }

        return $"{stable}, {await DescribeAsync(admin, topic)}";
    }

    private static async Task<string> DescribeAsync(IAdminClient admin, string group)
    {
        var listed = await admin.ListConsumerGroupsAsync();
        if (listed.Valid.TrueForAll(one => one.GroupId != group))
            return "not listed";
        var described = (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions[0];
        return $"{described.State} {described.Members.Count}";
    }

    public static async Task<string> DeleteGroupAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        using var admin = Admin(bootstrap);
        await admin.DeleteGroupsAsync([topic]);
        return (await admin.ListConsumerGroupsAsync()).Valid.TrueForAll(one => one.GroupId != topic) ? "gone" : "still there";
    }
}
