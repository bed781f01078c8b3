namespace Millrace.Configuration;

/// <summary>The configuration is wrong; every error is listed, each with its key and where it was set.</summary>
internal sealed class OptionsException(IReadOnlyList<string> errors)
    : Exception(errors.Count == 1 ? errors[0] : $"{errors.Count} settings are wrong:\n" + string.Join('\n', errors.Select(e => "  " + e)))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
