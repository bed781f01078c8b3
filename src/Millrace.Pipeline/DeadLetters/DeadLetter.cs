using Millrace.Events;
using Millrace.Pipeline.Read;

namespace Millrace.Pipeline.DeadLetters;

/// <summary>A record that cannot be an event, and why.</summary>
internal readonly record struct DeadLetter(LaneRecord Record, RefusalReason Reason, string Detail);
