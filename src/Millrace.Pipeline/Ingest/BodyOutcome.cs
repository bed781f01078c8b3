namespace Millrace.Pipeline.Ingest;

/// <summary>How reading a request's body ended.</summary>
internal enum BodyOutcome
{
    /// <summary>It is there whole.</summary>
    Read,

    /// <summary>It is larger than allowed: 413.</summary>
    TooLarge,

    /// <summary>Its compression is broken: 400.</summary>
    BadCompression,

    /// <summary>Its caller holds too much already: 429.</summary>
    CallerMustSlowDown,

    /// <summary>There is no room for it now: 503.</summary>
    Full,
}
