using System.Collections.Concurrent;
using System.Text;
using Millrace.Pipeline.Parking;

namespace Millrace.Pipeline.Tests.Parking;

/// <summary>A hook that fails for the users that the test names, and notes what it saw.</summary>
internal sealed class SwitchedHook : IEventHook
{
    public ConcurrentDictionary<string, bool> Failing { get; } = new();

    public ConcurrentQueue<string> Seen { get; } = new();

    public void BeforeWrite(in EventView view)
    {
        var user = view.HasUserId ? Encoding.UTF8.GetString(view.UserId) : "";
        Seen.Enqueue($"{user}@{view.Offset}");
        if (Failing.ContainsKey(user))
            throw new InvalidOperationException($"no {user} today");
    }
}
