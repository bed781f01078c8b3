using System.CommandLine;
using System.CommandLine.Parsing;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Schemas.Catalog;

namespace Millrace.Commands.Schema;

/// <summary>What happens to events that do not fit, and to those of unknown types.</summary>
internal static class ModeCommand
{
    /// <summary>The word that takes a type's own setting back.</summary>
    public const string Default = "default";

    public static Command Create()
    {
        var type = new Argument<string?>("type") { Arity = ArgumentArity.ZeroOrOne, Description = "The event type." };
        var mode = new Argument<string?>("mode") { Arity = ArgumentArity.ZeroOrOne, Description = "enforce: what does not fit becomes a dead letter, or 422 over HTTP; warn: it is stored and counted; off: nothing is looked at; default: as types without a setting." };
        var forAll = new Option<SchemaMode?>("--default") { HelpName = "MODE", Description = "The mode of types without a setting: enforce, warn or off.", CustomParser = result => Parse(result, Codes.ParseMode, Codes.ModeCodes) };
        var unknown = new Option<UnknownTypes?>("--unknown") { HelpName = "accept|warn|reject", Description = "What happens to events whose type has no schema in force.", CustomParser = result => Parse(result, Codes.ParseUnknown, Codes.UnknownCodes) };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = SettingsOutput.CreateFormat();
        mode.Validators.Add(result =>
        {
            string name = result.Tokens.Count == 0 ? Default : result.Tokens[0].Value;
            if (name != Default && Codes.ParseMode(name) is null)
                result.AddError($"'{name}' is no mode: {string.Join(", ", Codes.ModeCodes)}, {Default}.");
        });
        var command = new ExampleCommand(
            "mode", "Sets what happens to events that do not fit their schema, or whose type has none; 'schema list' shows it.",
            "millrace schema mode order_placed warn",
            "millrace schema mode --default warn",
            "millrace schema mode --unknown reject")
        {
            type, mode, forAll, unknown, actor,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(type) is not null && result.GetValue(mode) is null)
                result.AddError("Say which mode the type is to have.");
            else if (result.GetValue(type) is null && result.GetValue(forAll) is null && result.GetValue(unknown) is null)
                result.AddError("Name a type and its mode, or give --default or --unknown.");
        });
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetValue(type), parsed.GetValue(mode), parsed.GetValue(forAll), parsed.GetValue(unknown), parsed.GetValue(actor)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string? type, string? mode, SchemaMode? forAll, UnknownTypes? unknown, string actor, OutputFormat format,
        CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        if (forAll is { } all)
        {
            await registry.Settings.SetDefaultModeAsync(all, actor, cancellationToken);
            Console.Error.WriteLine($"Types without a setting: {all.Code()}.");
        }

        if (unknown is { } types)
        {
            await registry.Settings.SetUnknownTypesAsync(types, actor, cancellationToken);
            Console.Error.WriteLine($"Events of types without a schema: {types.Code()}.");
        }

        if (type is not null)
        {
            if (!await registry.Settings.SetModeAsync(type, Codes.ParseMode(mode!), actor, cancellationToken))
                throw SettingsOutput.NoEventType(type);
            Console.Error.WriteLine($"{type}: {mode}.");
        }

        await SettingsOutput.WriteAsync(registry, type, format, cancellationToken);
        return ExitCodes.Success;
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, IEnumerable<string> names)
        where T : struct, Enum
    {
        if (parse(result.Tokens[0].Value) is { } value)
            return value;
        result.AddError($"'{result.Tokens[0].Value}' is none of {string.Join(", ", names)}.");
        return null;
    }
}
