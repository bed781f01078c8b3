namespace Millrace.Schemas.Tests.Suite;

/// <summary>One instance of the suite.</summary>
/// <param name="Name">The file, the group and the test.</param>
internal sealed record SuiteCase(string Name, byte[] Schema, byte[] Instance, bool Valid, bool AssertFormats);
