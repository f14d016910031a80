import { type ComponentType, lazy } from 'react';
import { AUDIT_PARTS, auditPath } from '../audit/parts.ts';
import { DISPLAYS_PARTS, displaysPath } from '../display/parts.ts';
import { FlagsPage } from '../flags/FlagsPage.tsx';
import { INSPECT_PATHS } from '../inspect/paths.ts';

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

const HandoverPage = lazy(() =>
  import('../handover/HandoverPage.tsx').then(({ HandoverPage }) => ({ default: HandoverPage })),
);
const InspectPage = lazy(() =>
  import('../inspect/InspectPage.tsx').then(({ InspectPage }) => ({ default: InspectPage })),
);
const CasesPage = lazy(() =>
  import('../cases/CasesPage.tsx').then(({ CasesPage }) => ({ default: CasesPage })),
);
const CasePage = lazy(() => import('../cases/CasePage.tsx').then(({ CasePage }) => ({ default: CasePage })));

const AlertSettingsPage = lazy(() =>
  import('../alerts/AlertSettingsPage.tsx').then(({ AlertSettingsPage }) => ({ default: AlertSettingsPage })),
);
const ComplaintsPage = lazy(() =>
  import('../complaints/ComplaintsPage.tsx').then(({ ComplaintsPage }) => ({ default: ComplaintsPage })),
);
const FiguresPage = lazy(() =>
  import('../figures/FiguresPage.tsx').then(({ FiguresPage }) => ({ default: FiguresPage })),
);
const DigestPage = lazy(() =>
  import('../figures/DigestPage.tsx').then(({ DigestPage }) => ({ default: DigestPage })),
);
const ClosuresPage = lazy(() =>
  import('../closures/ClosuresPage.tsx').then(({ ClosuresPage }) => ({ default: ClosuresPage })),
);
const DisplaysPage = lazy(() =>
  import('../display/DisplaysPage.tsx').then(({ DisplaysPage }) => ({ default: DisplaysPage })),
);

const AuditPage = lazy(() =>
  import('../audit/AuditPage.tsx').then(({ AuditPage }) => ({ default: AuditPage })),
);
const AccountPage = lazy(() =>
  import('../account/AccountPage.tsx').then(({ AccountPage }) => ({ default: AccountPage })),
);
const AdminPage = lazy(() =>
  import('../admin/AdminPage.tsx').then(({ AdminPage }) => ({ default: AdminPage })),
);

const OncallPage = lazy(() =>
  import('../oncall/OncallPage.tsx').then(({ OncallPage }) => ({ default: OncallPage })),
);

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
