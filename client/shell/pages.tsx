import type { ComponentType } from 'react';
import { AUDIT_PARTS, auditPath } from '../audit/parts.ts';
import { DISPLAYS_PARTS, displaysPath } from '../display/parts.ts';
import { FlagsPage } from '../flags/FlagsPage.tsx';
import { INSPECT_PATHS } from '../inspect/paths.ts';
import { lateCode } from './late-code.tsx';

/** A page behind the sign-in that is made when it is opened and goes when it is left. Wall and map stay: see `Shell`. */
export interface Page {
  /** As wouter takes it; what the page reads out of it, it reads with `useParams`. */
  path: string;
  /** What one must be allowed to do somewhere to see it (an action of the policy). */
  action: string;
  Content: ComponentType;
  /** All paths that the page has something to show at, as wouter takes them. @default its own alone */
  paths?: readonly string[];
  /** Has the screen to itself, without the bar above and the alarms beside. */
  alone?: true;
}

const HandoverPage = lateCode(async () => (await import('../handover/HandoverPage.tsx')).HandoverPage);
const InspectPage = lateCode(async () => (await import('../inspect/InspectPage.tsx')).InspectPage);
const CasesPage = lateCode(async () => (await import('../cases/CasesPage.tsx')).CasesPage);
const CasePage = lateCode(async () => (await import('../cases/CasePage.tsx')).CasePage);

const AlertSettingsPage = lateCode(
  async () => (await import('../alerts/AlertSettingsPage.tsx')).AlertSettingsPage,
);
const ComplaintsPage = lateCode(
  async () => (await import('../complaints/ComplaintsPage.tsx')).ComplaintsPage,
);
const FiguresPage = lateCode(async () => (await import('../figures/FiguresPage.tsx')).FiguresPage);
const DigestPage = lateCode(async () => (await import('../figures/DigestPage.tsx')).DigestPage);
const ClosuresPage = lateCode(async () => (await import('../closures/ClosuresPage.tsx')).ClosuresPage);
const DisplaysPage = lateCode(async () => (await import('../display/DisplaysPage.tsx')).DisplaysPage);

const AuditPage = lateCode(async () => (await import('../audit/AuditPage.tsx')).AuditPage);
const AccountPage = lateCode(async () => (await import('../account/AccountPage.tsx')).AccountPage);
const AdminPage = lateCode(async () => (await import('../admin/AdminPage.tsx')).AdminPage);

const OncallPage = lateCode(async () => (await import('../oncall/OncallPage.tsx')).OncallPage);

export const PAGES: readonly Page[] = [
  { path: '/flags', action: 'flag.read', Content: FlagsPage },
  { path: '/cases', action: 'case.read', Content: CasesPage },
  { path: '/cases/:facilityId/:caseId', action: 'case.read', Content: CasePage },
  {
    path: '/handover/*?',
    paths: ['/handover', '/handover/:id'],
    action: 'handover.read',
    Content: HandoverPage,
  },
  { path: '/alerts', action: 'alert.own', Content: AlertSettingsPage },
  { path: '/complaints', action: 'complaint.read', Content: ComplaintsPage },
  { path: '/figures', action: 'figures.read', Content: FiguresPage },
  { path: '/figures/digest', action: 'figures.read', Content: DigestPage, alone: true },
  { path: '/audit/*?', paths: AUDIT_PARTS.map(auditPath), action: 'audit.read', Content: AuditPage },
  {
    path: '/displays/*?',
    paths: DISPLAYS_PARTS.map(displaysPath),
    action: 'display.read',
    Content: DisplaysPage,
  },
  { path: '/closures', action: 'mask.read', Content: ClosuresPage },
  { path: '/account', action: 'account.own', Content: AccountPage },
  { path: '/admin', action: 'account.read', Content: AdminPage },
  { path: '/oncall', action: 'flag.call', Content: OncallPage, alone: true },
  {
    path: '/inspect/*?',
    paths: Object.values(INSPECT_PATHS),
    action: 'custody.record',
    Content: InspectPage,
    alone: true,
  },
];

/** Where the one filter decides what is shown; elsewhere it would promise what it does not do. */
export const FILTERED: ReadonlySet<string> = new Set(['/', '/map', '/flags', '/cases', '/displays']);

/** Entries of the navigation in their order. Who may not do the action does not see the entry. */
export const SECTIONS = [
  { path: '/', name: 'wall', action: 'status.read' },
  { path: '/map', name: 'map', action: 'status.read' },
  { path: '/flags', name: 'flags', action: 'flag.read' },
  { path: '/cases', name: 'cases', action: 'case.read' },
  { path: '/handover', name: 'handover', action: 'handover.read' },
  { path: '/complaints', name: 'complaints', action: 'complaint.read' },
  { path: '/figures', name: 'figures', action: 'figures.read' },
  { path: '/audit', name: 'audit', action: 'audit.read' },
  { path: '/displays', name: 'displays', action: 'display.read' },
  { path: '/closures', name: 'closures', action: 'mask.read' },
  { path: '/oncall', name: 'oncall', action: 'flag.call' },
  { path: '/inspect', name: 'inspect', action: 'custody.record' },
  { path: '/admin', name: 'admin', action: 'account.read' },
] as const;
