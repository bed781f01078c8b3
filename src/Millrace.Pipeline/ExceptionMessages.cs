namespace Millrace.Pipeline;

internal static class ExceptionMessages
{
    /// <summary>The message of the exception at the bottom, which is the one that names the cause; without a full stop, to be put into a sentence.</summary>
    public static string InnermostMessage(this Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.TrimEnd('.', ' ');
    }
}
