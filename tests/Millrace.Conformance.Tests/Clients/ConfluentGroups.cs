using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka does with groups.</summary>
internal static class ConfluentGroups
{
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
                shares.Add(await SettleAsync(members, wanted));
            }

            await members[0].DisposeAsync();
            members.RemoveAt(0);
            shares.Add(await SettleAsync(members, "1+2"));
            return string.Join(", ", shares);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    /// <summary>Its place is kept for longer than any pause of a busy machine, so that being back in time depends on none.</summary>
    public static async Task<string> StaticMemberAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 4 });
        ConfluentMember Member(string name) => new(bootstrap, topic, config => (config.GroupInstanceId, config.SessionTimeoutMs) = (name, 60_000));
        await using var stays = Member("stays");
        int lostBefore;
        await using (var leaves = Member("leaves"))
        {
            await SettleAsync([stays, leaves], "2+2");
            lostBefore = stays.Lost;
        }

        await using var back = Member("leaves");
        var shares = await SettleAsync([stays, back], "2+2");
        // An eager member gives up all before it takes part in a rebalance, and nobody gets anything before all took part.
        return $"{shares}, {(stays.Lost == lostBefore ? "no rebalance" : "a rebalance")}";
    }

    public static async Task<string> CooperativeAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 3 });
        ConfluentMember Member() => new(bootstrap, topic, config => config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky);
        await using var first = Member();
        var alone = await SettleAsync([first], "3");
        await using var second = Member();
        var both = await SettleAsync([first, second], "1+2");
        return $"{alone}, {both}, {first.Lost} moved";
    }

    private static async Task<string> SettleAsync(List<ConfluentMember> members, string wanted)
    {
        string Shares() => string.Join('+', members.Select(member => member.Owned).Order());
        await Eventually.TrueAsync(() => Shares() == wanted, $"the members own {wanted}", Limit);
        return Shares();
    }

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
