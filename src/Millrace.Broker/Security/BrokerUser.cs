namespace Millrace.Broker;

/// <summary>Somebody who may log in.</summary>
/// <param name="Password">In clear: SCRAM's salted form is made from it at the start. Never logged, never shown.</param>
/// <param name="IsReadOnly">
/// May read records, be in groups and commit offsets, but not write records, and not create, change or delete topics, groups or transactions.
/// </param>
public sealed record BrokerUser(string Password, bool IsReadOnly = false)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => IsReadOnly ? "user (read-only)" : "user";
}
