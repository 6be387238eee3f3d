namespace Keel.Messages.Contract;

/// How a module says of what it tells people.
public static class ModuleMessages
{
    extension(ModuleContents contents)
    {
        /// Kinds of notices that the module sends; everybody chooses how they come.
        public ModuleContents Notices(params IReadOnlyList<NoticeKind> kinds)
        {
            foreach (var kind in kinds) contents.Desk(_ => kind);
            return contents;
        }

        /// Kinds of mails that the module writes.
        public ModuleContents Mails(params IReadOnlyList<MailTemplate> templates)
        {
            foreach (var template in templates) contents.Desk(_ => template);
            return contents;
        }
    }
}
