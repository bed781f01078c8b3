using Millrace.Protocol.Tests.Golden;

namespace Millrace.Protocol.Tests.Primitives;

public sealed class ErrorCodeTests
{
    [Fact]
    public void Error_codes_have_kafkas_names_and_numbers()
    {
        IEnumerable<(short Code, string Name)> kafka = GoldenFiles.ReadJson("errors.json").EnumerateArray()
            .Select(error => (error.GetProperty("code").GetInt16(), Pascal(error.GetProperty("name").GetString()!)));

        Assert.Equal(kafka, Enum.GetValues<ErrorCode>().Select(code => ((short)code, $"{code}")).OrderBy(pair => pair.Item1));
    }

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant()));
}
