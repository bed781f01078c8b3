using Millrace.Registry.Settings;
using Millrace.Schemas.Catalog;
using Millrace.Schemas.Compatibility;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Settings;

public sealed class SettingsDeskTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Fresh_database_enforces_backward_and_accepts_unknown_types()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        Assert.Equal(
            new DefaultSettings(SchemaMode.Enforce, CompatibilityLevel.Backward, false, UnknownTypes.Accept),
            await run.Registry.Settings.DefaultsAsync(RegistryRun.Cancelled));
        Assert.Equal(TypeSettings.None, await run.Registry.Settings.OfTypeAsync("a", RegistryRun.Cancelled));
    }

    [Fact]
    public async Task Settings_of_a_type_are_kept_noted_and_taken_back()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        var settings = run.Registry.Settings;

        Assert.True(await settings.SetModeAsync("a", SchemaMode.Warn, RegistryRun.Actor, RegistryRun.Cancelled));
        Assert.True(await settings.SetLevelAsync("a", CompatibilityLevel.FullTransitive, true, RegistryRun.Actor, RegistryRun.Cancelled));
        Assert.Equal(new TypeSettings(SchemaMode.Warn, CompatibilityLevel.FullTransitive, true), await settings.OfTypeAsync("a", RegistryRun.Cancelled));

        Assert.True(await settings.SetModeAsync("a", null, RegistryRun.Actor, RegistryRun.Cancelled));
        Assert.True(await settings.SetLevelAsync("a", null, null, RegistryRun.Actor, RegistryRun.Cancelled));
        Assert.Equal(TypeSettings.None, await settings.OfTypeAsync("a", RegistryRun.Cancelled));
        Assert.Equal("schema.mode a; schema.level a; schema.mode a; schema.level a", await run.NotesAsync());
    }

    [Fact]
    public async Task Defaults_are_kept()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        var settings = run.Registry.Settings;

        await settings.SetDefaultModeAsync(SchemaMode.Off, RegistryRun.Actor, RegistryRun.Cancelled);
        await settings.SetDefaultLevelAsync(CompatibilityLevel.Forward, true, RegistryRun.Actor, RegistryRun.Cancelled);
        await settings.SetUnknownTypesAsync(UnknownTypes.Reject, RegistryRun.Actor, RegistryRun.Cancelled);

        Assert.Equal(
            new DefaultSettings(SchemaMode.Off, CompatibilityLevel.Forward, true, UnknownTypes.Reject), await settings.DefaultsAsync(RegistryRun.Cancelled));
    }

    [Fact]
    public async Task Name_that_no_event_can_have_gets_no_settings()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);

        Assert.False(await run.Registry.Settings.SetModeAsync("", SchemaMode.Off, RegistryRun.Actor, RegistryRun.Cancelled));
        Assert.Equal("", await run.NotesAsync());
    }
}
