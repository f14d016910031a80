import { CloudOff, UserRoundX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useStore } from 'zustand';
import type { FacilityId } from '#contract/ids.ts';
import type { Scope } from '#contract/session.ts';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { createFacilityWatch, type FacilityWatch } from './facility-watch.ts';
import { InspectFrame } from './InspectFrame.tsx';
import { InspectContext } from './inspect-context.ts';
import { MendScreen } from './MendScreen.tsx';
import type { Outbox } from './outbox.ts';
import { PeopleScreen } from './PeopleScreen.tsx';
import { PersonFormScreen } from './PersonFormScreen.tsx';
import { PersonScreen } from './PersonScreen.tsx';
import { INSPECT_PATHS } from './paths.ts';
import { RecordsScreen } from './RecordsScreen.tsx';
import { RoomFormScreen } from './RoomFormScreen.tsx';
import { RoomScreen } from './RoomScreen.tsx';
import { RoomsScreen } from './RoomsScreen.tsx';
import { RoundScreen } from './RoundScreen.tsx';

/** What an inspector does at the facility, in a hand: one thing a screen, thumbs at the bottom, with or without a network. */
export function InspectPage() {
  const { t } = useTexts();
  const { who, outbox } = useDesk();
  const own = useOwnFacilities(who.scope);
  const [chosen, setChosen] = useState<FacilityId>();
  const facilityId = chosen !== undefined && own.includes(chosen) ? chosen : own[0];
  if (!outbox || facilityId === undefined)
    return <Notice icon={UserRoundX} title={t('inspect.noFacility')} hint={t('inspect.noFacilityHint')} />;
  return (
    <Facility key={facilityId} facilityId={facilityId} outbox={outbox} others={own} onChoose={setChosen} />
  );
}

/** Facilities that the account is bound to; for an account of a region or the nation, those that the page knows. */
function useOwnFacilities(scope: Scope): readonly FacilityId[] {
  const registry = useLive((state) => state.registry);
  if (scope.kind === 'facilities') return scope.facilityIds;
  return (registry?.facilities ?? []).map(({ id }) => id);
}

interface FacilityProps {
  facilityId: FacilityId;
  outbox: Outbox;
  others: readonly FacilityId[];
  onChoose(facilityId: FacilityId): void;
}

function Facility({ facilityId, outbox, others, onChoose }: FacilityProps) {
  const { live, api } = useDesk();
  const [watch, setWatch] = useState<FacilityWatch>();
  useEffect(() => {
    const made = createFacilityWatch({ facilityId, live, api, outbox, nowMs: outbox.clock.nowMs });
    setWatch(made);
    return () => {
      setWatch(undefined);
      made[Symbol.dispose]();
    };
  }, [facilityId, live, api, outbox]);
  return watch ? <Watched watch={watch} outbox={outbox} others={others} onChoose={onChoose} /> : null;
}

function Watched({
  watch,
  outbox,
  others,
  onChoose,
}: Pick<FacilityProps, 'outbox' | 'others' | 'onChoose'> & { watch: FacilityWatch }) {
  const { t } = useTexts();
  const { facts, isLive, isRecalled } = useStore(watch.store);
  const link = useLive((state) => state.link.state);
  if (!facts) {
    const isHopeless = isRecalled && link === 'lost';
    return isHopeless ? (
      <Notice icon={CloudOff} title={t('inspect.neverLoaded')} hint={t('inspect.neverLoadedHint')} />
    ) : (
      <Notice title={t('inspect.loading')} />
    );
  }
  return (
    <InspectContext value={{ facts, isLive, outbox }}>
      <InspectFrame others={others} onChoose={onChoose}>
        <Switch>
          <Route path={INSPECT_PATHS.rooms}>
            <RoomsScreen />
          </Route>
          <Route path={INSPECT_PATHS.round}>
            <RoundScreen />
          </Route>
          <Route path={INSPECT_PATHS.people}>
            <PeopleScreen />
          </Route>
          <Route path={INSPECT_PATHS.records}>
            <RecordsScreen />
          </Route>
          <Route path={INSPECT_PATHS.record}>{({ recordId }) => <MendScreen recordId={recordId} />}</Route>
          <Route path={INSPECT_PATHS.room}>{({ areaId }) => <RoomScreen areaId={areaId} />}</Route>
          <Route path={INSPECT_PATHS.roomForm}>
            {({ areaId, form }) => <RoomFormScreen areaId={areaId} type={form} />}
          </Route>
          <Route path={INSPECT_PATHS.person}>{({ caseId }) => <PersonScreen caseId={caseId} />}</Route>
          <Route path={INSPECT_PATHS.personForm}>
            {({ caseId, form }) => <PersonFormScreen caseId={caseId} type={form} />}
          </Route>
          <Route>
            <Redirect to="/inspect" />
          </Route>
        </Switch>
      </InspectFrame>
    </InspectContext>
  );
}
