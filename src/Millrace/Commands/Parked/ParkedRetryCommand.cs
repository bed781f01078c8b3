using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Operations;

namespace Millrace.Commands.Parked;

/// <summary>Has a user's first event tried again at once, instead of when its delay is over.</summary>
internal static class ParkedRetryCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("user") { Description = "The userId." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = FormatOption.Create("json: {\"userId\",\"retrying\"}");
        var command = new ExampleCommand(
            "retry", "Has a user's first event tried again at once; when it passes, the others follow in order.", "millrace parked retry 42")
        {
            user, actor,
        };
        OperationsConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
            RunAsync(SharedOptions.Load(parsed), parsed.GetValue(user)!, parsed.GetValue(actor)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, string user, string actor, OutputFormat format, CancellationToken cancellationToken)
    {
        await using OperationsServices operations = OperationsConnection.Open(options);
        bool retrying = await operations.ParkedUsers.RetryNowAsync(user, actor, cancellationToken);
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(new RetryReport(user, retrying), OperationsJson.Default.RetryReport));
        Console.Error.WriteLine(retrying
            ? $"The first event of user {user} is tried again within a second or so, where a pipeline runs."
            : $"Nothing of user {user} waits.");
        return retrying ? ExitCodes.Success : ExitCodes.Failed;
    }
}

/// <summary>The shape of <c>parked retry --format json</c>.</summary>
internal sealed record RetryReport(string UserId, bool Retrying);
