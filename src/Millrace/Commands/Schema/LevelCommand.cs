using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Schemas.Compatibility;

namespace Millrace.Commands.Schema;

/// <summary>What a new version has to promise.</summary>
internal static class LevelCommand
{
    public static Command Create()
    {
        var type = new Argument<string?>("type") { Arity = ArgumentArity.ZeroOrOne, Description = "The event type." };
        var level = new Argument<string?>("level") { Arity = ArgumentArity.ZeroOrOne, Description = $"{string.Join(", ", Codes.LevelCodes)}, or default: as types without a setting." };
        var forAll = new Option<CompatibilityLevel?>("--default") { HelpName = LevelOption.HelpName, Description = "The level of types without a setting.", CustomParser = result => LevelOption.Parse(result, result.Tokens[0].Value) };
        var strict = new Option<bool>("--strict") { Description = "Let an optional property that is added to an open object count as a break." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = SettingsOutput.CreateFormat();
        level.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value != ModeCommand.Default)
                LevelOption.Parse(result, result.Tokens[0].Value);
        });
        var command = new ExampleCommand(
            "level", "Sets what a new version has to promise before it can be activated; 'schema list' shows it.",
            "millrace schema level order_placed FULL_TRANSITIVE",
            "millrace schema level order_placed BACKWARD --strict",
            "millrace schema level --default FORWARD")
        {
            type, level, forAll, strict, actor,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(type) is not null && result.GetValue(level) is null)
                result.AddError("Say which level the type is to have.");
            else if (result.GetValue(type) is null && result.GetValue(forAll) is null)
                result.AddError("Name a type and its level, or give --default.");
        });
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetValue(type), parsed.GetValue(level), parsed.GetValue(forAll), parsed.GetValue(strict), parsed.GetValue(actor)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string? type, string? level, CompatibilityLevel? forAll, bool strict, string actor, OutputFormat format,
        CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        if (forAll is { } all)
        {
            await registry.Settings.SetDefaultLevelAsync(all, strict, actor, cancellationToken);
            Console.Error.WriteLine($"Types without a setting: {all.Code()}{Strictly(strict)}.");
        }

        if (type is not null)
        {
            CompatibilityLevel? own = Codes.ParseLevel(level!);
            if (!await registry.Settings.SetLevelAsync(type, own, own is null ? null : strict, actor, cancellationToken))
                throw SettingsOutput.NoEventType(type);
            Console.Error.WriteLine($"{type}: {own?.Code() ?? ModeCommand.Default}{Strictly(strict)}.");
        }

        await SettingsOutput.WriteAsync(registry, type, format, cancellationToken);
        return ExitCodes.Success;
    }

    private static string Strictly(bool strict) => strict ? ", strict" : "";
}
