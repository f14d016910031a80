import { Eraser, type LucideIcon, Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import type { DisplayView } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { DisplaysState } from './use-displays.ts';

interface TourButtonsProps {
  /** The display that is asked to; of a wall any, the others go with it. */
  display: DisplayView;
  tour: DisplaysState['tour'];
}

interface StepButton {
  step: Parameters<DisplaysState['tour']>[1];
  label: string;
  Icon: LucideIcon;
}

/** Goes through what is on a display, or takes it away. Nothing where nothing is on it. */
export function TourButtons({ display, tour }: TourButtonsProps) {
  const { t } = useTexts();
  const { show } = display;
  // It is being taken away already.
  if (!show || show.endsAt !== undefined) return null;
  const isPart = show.part !== undefined;
  const steps: readonly StepButton[] = [
    { step: 'previous', label: t('displays.previous'), Icon: SkipBack },
    show.isPaused
      ? { step: 'resume', label: t('displays.resume'), Icon: Play }
      : { step: 'pause', label: t('displays.pause'), Icon: Pause },
    { step: 'next', label: t('displays.next'), Icon: SkipForward },
  ];
  const clear: StepButton = {
    step: 'clear',
    label: t(isPart ? 'walls.clear' : 'displays.clear'),
    Icon: Eraser,
  };
  return [...(show.scenes.length > 1 ? steps : []), clear].map(({ step, label, Icon }) => (
    <Button
      key={step}
      look="quiet"
      iconOnly
      aria-label={label}
      title={label}
      onClick={() => void tour(display, step)}
    >
      <Icon size="1rem" aria-hidden="true" />
    </Button>
  ));
}
