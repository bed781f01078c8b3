using Millrace.Protocol;

namespace Millrace.Broker.Groups;

/// <summary>What the coordinator does with every group, whichever protocol its members speak. Thread-safe.</summary>
internal abstract class Group(string id) : IDisposable
{
    public string Id { get; } = id;

    /// <summary>Taken out of use: whoever still holds the group looks it up again.</summary>
    public abstract bool IsDead { get; }

    /// <summary>How long nobody has been in the group; zero as long as somebody is.</summary>
    public abstract TimeSpan EmptyFor { get; }

    public abstract ErrorCode ValidateCommit(Committer committer);

    /// <summary>Whether who says so may ask for the offsets of the group; nobody has to say who it is.</summary>
    public abstract ErrorCode ValidateFetch(string? memberId, int memberEpoch);

    public abstract GroupListing Listing();

    /// <summary>Whether offsets of the group may be deleted, except those of the topics that its members read.</summary>
    public abstract bool MayDeleteOffsets(out IReadOnlySet<string> subscribed);

    /// <summary>Takes the group out of use if nobody is in it.</summary>
    public abstract bool TryRetire();

    /// <summary>Puts members out as if they had been silent for too long; all when no id is given.</summary>
    /// <returns>How many.</returns>
    public abstract int ExpireSessions(string? memberId);

    public abstract void Dispose();
}
