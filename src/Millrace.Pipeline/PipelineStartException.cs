namespace Millrace.Pipeline;

/// <summary>The pipeline cannot start. The message says why and what to do, in one sentence, for the person who started it.</summary>
/// <param name="message">The sentence.</param>
/// <param name="inner">What the library said, where there is something.</param>
public sealed class PipelineStartException(string message, Exception? inner = null) : Exception(message, inner);
