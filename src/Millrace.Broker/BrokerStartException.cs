namespace Millrace.Broker;

/// <summary>The broker cannot start. The message says why and what to do, in one sentence, for the person who started it.</summary>
/// <param name="message">The sentence.</param>
/// <param name="inner">What the operating system said, where there is something.</param>
public sealed class BrokerStartException(string message, Exception? inner = null) : Exception(message, inner);
