namespace Millrace.Broker.Groups.Consumer;

internal sealed partial class ConsumerGroup
{
    /// <summary>Leads a member a step towards its target.</summary>
    /// <param name="member">The one whose heartbeat this is.</param>
    /// <param name="owned">What it says that it has; null: it does not say.</param>
    /// <param name="subscriptionChanged">It reads other topics than before.</param>
    /// <returns>Whether it has to be told.</returns>
    private bool Reconcile(ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, bool subscriptionChanged)
    {
        var before = member.Assigned;
        switch (member.State)
        {
            case ReconciliationState.Stable when member.Epoch == _assignmentEpoch:
            case ReconciliationState.Unrevoked when StillHas(owned, member.PendingRevocation):
                if (subscriptionChanged)
                    GiveUpWhatIsNotRead(member, owned);
                break;
            case ReconciliationState.Stable or ReconciliationState.Unrevoked or ReconciliationState.Unreleased:
                Advance(member, owned);
                break;
            default:
                throw new InvalidOperationException($"A member is {member.State}.");
        }

        return before.Count != member.Assigned.Count || !before.Keys.All(member.Assigned.ContainsKey);
    }

    /// <summary>Asks for what is too much; when there is nothing, the member gets the epoch of the assignment and what is free.</summary>
    private void Advance(ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned)
    {
        // The target may be older than the subscription, if the assignment has to wait.
        var target = member.Target.Where(p => member.Topics.Contains(p.Topic)).ToHashSet();
        var keeps = member.Assigned.Where(p => target.Contains(p.Key)).ToDictionary();
        var tooMuch = member.Assigned.Where(p => !target.Contains(p.Key)).ToDictionary();
        if (tooMuch.Count > 0 && StillHas(owned, tooMuch))
        {
            Revoke(member, keeps, tooMuch);
            return;
        }

        var isComplete = true;
        foreach (var partition in target.Where(p => !keeps.ContainsKey(p)))
        {
            if (_owners.TryGetValue(partition, out var owner) && owner != member)
                isComplete = false;
            else
                keeps.Add(partition, _assignmentEpoch);
        }

        SetPartitions(member, keeps, new());
        member.State = isComplete ? ReconciliationState.Stable : ReconciliationState.Unreleased;
        member.MoveTo(_assignmentEpoch);
        member.RevocationDeadline = TimeSpan.MaxValue;
    }

    /// <summary>What a member does not read any more it is to give up at once, even while it waits for an assignment.</summary>
    private void GiveUpWhatIsNotRead(ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned)
    {
        var keeps = member.Assigned.Where(p => member.Topics.Contains(p.Key.Topic)).ToDictionary();
        if (keeps.Count == member.Assigned.Count)
            return;

        var tooMuch = member.Assigned.Where(p => !keeps.ContainsKey(p.Key)).Concat(member.PendingRevocation).ToDictionary();
        if (StillHas(owned, tooMuch))
            Revoke(member, keeps, tooMuch);
        else
            SetPartitions(member, keeps, new());
    }

    private void Revoke(ConsumerMember member, Dictionary<TopicIdPartition, int> keeps, Dictionary<TopicIdPartition, int> tooMuch)
    {
        SetPartitions(member, keeps, tooMuch);
        member.State = ReconciliationState.Unrevoked;
        member.MoveTo(member.Epoch);
        member.RevocationDeadline = Now + member.RebalanceTimeout;
    }

    /// <summary>Who does not say what it has may have all of it.</summary>
    private static bool StillHas(IReadOnlySet<TopicIdPartition>? owned, Dictionary<TopicIdPartition, int> partitions) =>
        owned is null || owned.Any(partitions.ContainsKey);

    private void SetPartitions(ConsumerMember member, Dictionary<TopicIdPartition, int> assigned, Dictionary<TopicIdPartition, int> pendingRevocation)
    {
        foreach (var partition in member.Assigned.Keys.Concat(member.PendingRevocation.Keys))
            _owners.Remove(partition);
        foreach (var partition in assigned.Keys.Concat(pendingRevocation.Keys))
            _owners.Add(partition, member);
        member.Assigned = assigned;
        member.PendingRevocation = pendingRevocation;
    }
}
